import type { Database } from '@openprm/postgres';

/** What the outside gives to use cases. */
export interface Deps {
  database: Database;
  newId: () => string;
  /** Wakes the relay after a commit. */
  afterCommit: () => void;
  /** Forgets the grants of one principal, or of everybody, at once. */
  forgetCaller: (principal?: string) => void;
  settings: Settings;
}

/** Numbers of the business, from configuration. */
export interface Settings {
  invitationDays: number;
}
