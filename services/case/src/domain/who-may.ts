import { permissionDenied } from '@openprm/errors';
import { possibleMoves } from '@openprm/moves';
import { caseMoves, OPEN_STATES, type Case, type Side } from './case';

/** Somebody who acts on a case, already known to be allowed to read it. */
export interface Party {
  side: Side;
  personId: string | null;
  name: string;
  /** False for whoever only reads, e.g. an executive. */
  works: boolean;
  /** Enterprise admin or relationship manager. */
  leads: boolean;
}

export type UserMove =
  | 'accept'
  | 'assign'
  | 'requestInfo'
  | 'answer'
  | 'resolve'
  | 'close'
  | 'reopen'
  | 'cancel'
  | 'handOver'
  | 'acceptHandOver'
  | 'prioritise'
  | 'excuseBreach';

type Rule = (subject: Case, party: Party) => boolean;

const isHolder: Rule = (subject, party) => party.side === subject.holder.side;
const isRequester: Rule = (subject, party) => party.side === subject.requesterSide;
const isEnterprise: Rule = (_subject, party) => party.side === 'PARENT';

/** Support agents always; a partner when it holds the case, and from its own queue only where the selling model has a second line. */
const mayHandOver: Rule = (subject, party) => {
  if (isEnterprise(subject, party)) return subject.holder.side === 'PARTNER' || subject.partnerSees;
  return isHolder(subject, party) && (subject.queueOwner !== 'PARTNER' || subject.partnerMayRefer);
};

const RULES: Record<UserMove, Rule> = {
  accept: isHolder,
  assign: isHolder,
  requestInfo: isHolder,
  answer: isRequester,
  resolve: isHolder,
  close: isRequester,
  reopen: (subject, party) => isRequester(subject, party) || (subject.state === 'CLOSED' && isEnterprise(subject, party)),
  cancel: isRequester,
  handOver: mayHandOver,
  acceptHandOver: (subject, party) => subject.handOver?.toSide === party.side,
  prioritise: (subject, party) =>
    isHolder(subject, party) || isEnterprise(subject, party) || (subject.state === 'NEW' && isRequester(subject, party)),
  excuseBreach: (_subject, party) => party.leads,
};

const REFUSALS: Partial<Record<UserMove, [reason: string, text: string]>> = {
  answer: ['NOT_THE_REQUESTER', 'Only the side that asked can answer.'],
  close: ['NOT_THE_REQUESTER', 'Only the side that asked can accept the solution.'],
  reopen: ['NOT_THE_REQUESTER', 'Only the side that asked can say that it is not solved.'],
  cancel: ['NOT_THE_REQUESTER', 'Only the side that asked can take the case back.'],
  handOver: ['HAND_OVER_NOT_ALLOWED', 'The case cannot be given to the other side by you.'],
  acceptHandOver: ['NO_HAND_OVER', 'No hand-over to your side waits for acceptance.'],
  excuseBreach: ['ROLE_NOT_ALLOWED', 'Only an enterprise admin or relationship manager excuses a breach.'],
};

/** Throws PERMISSION_DENIED unless the party may make the move. */
export function requireMay(subject: Case, move: UserMove, party: Party): void {
  if (party.works && RULES[move](subject, party)) return;
  const [reason, text] = REFUSALS[move] ?? ['NOT_THE_HOLDER', 'Only the side that holds the case can do this.'];
  throw permissionDenied(text, reason);
}

const isOpen = (subject: Case): boolean => OPEN_STATES.includes(subject.state);

/** Moves the party may make now. */
export function movesFor(subject: Case, party: Party): UserMove[] {
  if (!party.works) return [];
  const byTable = new Set<string>(possibleMoves(caseMoves, subject.state));
  const byState = (move: UserMove): boolean => {
    if (move === 'prioritise') return isOpen(subject);
    if (move === 'excuseBreach') return subject.clocks.some((clock) => clock.breachedAt && !clock.excuse);
    return byTable.has(move);
  };
  return (Object.keys(RULES) as UserMove[]).filter((move) => byState(move) && RULES[move](subject, party));
}
