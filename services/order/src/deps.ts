import type { Database } from '@openprm/postgres';
import type { ReviewSettings } from './domain/settings';

/** What the outside gives to use cases. */
export interface Deps {
  database: Database;
  newId: () => string;
  clock: () => Date;
  /** Wakes the relay after a commit. */
  afterCommit: () => void;
  settings: ReviewSettings;
}
