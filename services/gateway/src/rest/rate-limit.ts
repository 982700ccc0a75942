import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { ProblemError } from '../problems/problem';

/** A ceiling per address, far above what people and honest programs need; the answer says how much is left. */
export function limitRate(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    validate: { trustProxy: false },
    handler: (_req, res, next) => {
      const retryAfter = String(res.getHeader('Retry-After') ?? 60);
      next(new ProblemError('RESOURCE_EXHAUSTED', 'Too many requests from this address.', { headers: { 'Retry-After': retryAfter } }));
    },
  });
}
