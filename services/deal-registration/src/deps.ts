import type { Money } from '@openprm/money';
import type { Database } from '@openprm/postgres';
import type { BusinessCalendar } from './domain/business-calendar';

/** What the outside gives to use cases. */
export interface Deps {
  database: Database;
  newId: () => string;
  clock: () => Date;
  /** Wakes the relay after a commit. */
  afterCommit: () => void;
  settings: Settings;
}

/** Numbers of the business, from configuration. */
export interface Settings {
  /** Working hours of the deal desk; its clocks run in them. */
  calendar: BusinessCalendar;
  /** Up to here a relationship manager approves for own partners, per currency; nothing in a currency that is not listed. */
  relationshipManagerLimits: Money[];
  /** Conflict checks before a draft, per user and day. */
  checksPerDay: number;
}
