/** What identity keeps of a membership: enough to say who may sign in. */
export interface Membership {
  id: string;
  personId: string;
  email: string;
  name: string;
  state: string;
  version: number;
}

/** An invitation counts: whoever is invited signs in and accepts it. */
export const OPEN_STATES: readonly string[] = ['INVITED', 'ACTIVE'];
