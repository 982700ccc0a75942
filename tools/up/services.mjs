// The processes of the platform, as data.

/**
 * @typedef {{ name: string, kind: 'grpc' | 'http', entry?: string, migrate?: string, after?: string[], addressVariable?: string, receives?: string[] }} Service
 *   `entry` and `migrate` are files of the project (by default in services/<name>/dist); `after` names what must be ready before;
 *   `receives` names groups of settings that not everybody gets.
 */

/** @type {Service[]} */
export const services = [
  { name: 'identity', kind: 'http', receives: ['client', 'sandbox'] },
  { name: 'partner-directory', kind: 'grpc', addressVariable: 'PARTNER_DIRECTORY_ADDRESS', receives: ['organisation'] },
  { name: 'program-segment', kind: 'grpc', addressVariable: 'PROGRAM_SEGMENT_ADDRESS' },
  { name: 'deal-registration', kind: 'grpc', addressVariable: 'DEAL_REGISTRATION_ADDRESS' },
  { name: 'quoting', kind: 'grpc', addressVariable: 'QUOTING_ADDRESS' },
  { name: 'order', kind: 'grpc', addressVariable: 'ORDER_ADDRESS' },
  { name: 'case', kind: 'grpc', addressVariable: 'CASE_ADDRESS' },
  { name: 'gateway', kind: 'http', after: ['identity'], receives: ['client', 'addresses'] },
];

/** One sample sign-in per persona. */
export const signIns = [
  { email: 'admin@enterprise.example', name: 'Erin Adler', persona: 'Enterprise admin' },
  { email: 'executive@enterprise.example', name: 'Elena Exner', persona: 'Enterprise executive' },
  { email: 'relationship@enterprise.example', name: 'Robin Meyer', persona: 'Relationship manager' },
  { email: 'admin@partner.example', name: 'Paula Andersen', persona: 'Partner admin' },
  { email: 'manager@partner.example', name: 'Mateo Perez', persona: 'Partner manager' },
  { email: 'associate@partner.example', name: 'Asha Patel', persona: 'Partner associate' },
];
