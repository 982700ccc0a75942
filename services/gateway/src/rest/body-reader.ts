import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { ProblemError } from '../problems/problem';
import { parseJson } from './json-body';

const JSON_TYPES = ['application/json', 'application/*+json'];

/** Reads a JSON body of at most `limit`; anything else that has a body is 415. An absent body leaves `req.body` undefined. */
export function readBody(limit: string | number): RequestHandler[] {
  return [refuseOtherTypes, express.raw({ type: JSON_TYPES, limit }), toJson];
}

function refuseOtherTypes(req: Request, _res: Response, next: NextFunction): void {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (hasBody && !req.is(JSON_TYPES)) throw new ProblemError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
  next();
}

function toJson(req: Request, _res: Response, next: NextFunction): void {
  const bytes: unknown = req.body;
  req.body = Buffer.isBuffer(bytes) && bytes.length ? parseJson(bytes.toString('utf8')) : undefined;
  next();
}
