import { Customer, CustomerUpdated } from '@openprm/contracts/partnerdirectory';
import { newId, type Database, type OutboxRow } from '@openprm/postgres';
import { logger } from '@openprm/telemetry';
import { appendOutbox, toOutboxRow } from '../outbox-row';

export const CUSTOMER_TOPIC = 'prm.partnerdirectory.v1.customer';

export const quiet = logger('test');
quiet.level = process.env['LOG_LEVEL'] ?? 'silent';

/** The event that customer `id` is now called `name`. */
export function customerUpdated(id: string, name: string, audience: string[] = []): OutboxRow {
  const message = CustomerUpdated.fromPartial({ customer: Customer.fromPartial({ id, name }) });
  return toOutboxRow(CustomerUpdated, message, { audience, now: new Date('2026-03-01T10:00:00Z'), newId });
}

export const givenOutbox = (database: Database, rows: OutboxRow[]): Promise<void> => database.transaction((tx) => appendOutbox(tx, rows));

export const namesFrom = (from: number, count: number): string[] => Array.from({ length: count }, (_, index) => `v${from + index}`);
