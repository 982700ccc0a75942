import { CODES } from '../problems/problem';
import type { Schema } from './schemas';

/** What the gateway offers besides the contracts' RPCs: sign-in of browsers and live updates. */
const PROBLEM = { $ref: '#/components/responses/Problem' };
const text = { type: 'string' };

export const gatewayPaths: Record<string, Schema> = {
  '/v1/events': {
    get: {
      operationId: 'streamEvents',
      tags: ['Gateway'],
      summary: 'What happens, as it happens',
      description:
        'Server-sent events about records the caller may see. Each event is a hint to read the record again; it carries no content.',
      responses: {
        '200': {
          description: 'A stream that stays open.',
          content: { 'text/event-stream': { schema: { $ref: '#/components/schemas/LiveEvent' } } },
        },
        '4XX': PROBLEM,
        '5XX': PROBLEM,
      },
    },
  },
  '/auth/session': {
    get: {
      operationId: 'getSession',
      tags: ['Gateway'],
      summary: 'Who is signed in, with the token against forged requests',
      security: [{ session: [] }],
      responses: {
        '200': { description: 'The session.', content: { 'application/json': { schema: { $ref: '#/components/schemas/Session' } } } },
        '4XX': PROBLEM,
      },
    },
  },
  '/auth/sign-out': {
    post: {
      operationId: 'signOut',
      tags: ['Gateway'],
      summary: 'Ends the session',
      security: [{ session: [] }],
      description: 'The session is gone; go to `url` to end the one at the issuer too.',
      parameters: [{ name: 'X-CSRF-Token', in: 'header', required: true, description: '`csrfToken` of the session.', schema: text }],
      responses: {
        '200': {
          description: 'Signed out.',
          content: {
            'application/json': {
              schema: { type: 'object', properties: { url: { ...text, description: 'Where to go next.' } }, required: ['url'] },
            },
          },
        },
        '4XX': PROBLEM,
      },
    },
  },
};

export const gatewaySchemas: Record<string, Schema> = {
  Problem: {
    type: 'object',
    description: 'RFC 9457 problem details.',
    properties: {
      type: { ...text, description: 'URN of the code.' },
      title: { ...text, description: 'The code in words.' },
      status: { type: 'integer', description: 'HTTP status.' },
      detail: { ...text, description: 'What is wrong and what to do.' },
      code: { type: 'string', enum: Object.keys(CODES), description: 'Closed list of codes.' },
      reason: { ...text, description: 'Machine-readable reason of the refusing service.' },
      violations: { type: 'array', items: { $ref: '#/components/schemas/Violation' }, description: 'Faulty fields.' },
      moves: { type: 'array', items: text, description: 'Moves that are possible instead.' },
      traceId: { ...text, description: 'Finds the request in every log.' },
    },
    required: ['type', 'title', 'status', 'detail', 'code', 'traceId'],
  },
  Violation: {
    type: 'object',
    description: 'One faulty field.',
    properties: {
      field: { ...text, description: 'Path as the caller wrote it, e.g. `lines[0].quantity`.' },
      description: { ...text, description: 'What is wrong with it.' },
    },
    required: ['field', 'description'],
  },
  LiveEvent: {
    type: 'object',
    description: 'One thing that happened: the SSE field `data` is this object, `id` its id.',
    properties: {
      id: text,
      type: { ...text, description: 'Event type, e.g. `prm.dealregistration.v1.DealApproved`.' },
      subject: { ...text, description: 'Id of the record.' },
      time: { type: 'string', format: 'date-time' },
      data: {
        type: 'object',
        description: 'Number, state and version of the record, where the caller may see them.',
        properties: { number: text, state: text, version: text },
      },
    },
    required: ['id', 'type', 'subject', 'time'],
  },
  Session: {
    type: 'object',
    description: "The browser's session.",
    properties: {
      name: text,
      email: text,
      csrfToken: { ...text, description: 'Send it as `X-CSRF-Token` with every unsafe method.' },
      expireTime: { type: 'string', format: 'date-time' },
    },
    required: ['name', 'email', 'csrfToken', 'expireTime'],
  },
};
