import type { Database } from '@openprm/postgres';

/** What the outside gives to use cases. */
export interface Deps {
  database: Database;
  newId: () => string;
  clock: () => Date;
  /** Wakes the relay after a commit. */
  afterCommit: () => void;
}
