import { hasRole, isEnterprise, type Caller } from '@openprm/access';
import { possibleMoves } from '@openprm/moves';
import type { LoadedQuote } from '../db/quotes';
import { awaitingGroup } from '../domain/quote';
import { quoteMoves, SYSTEM_MOVES } from '../domain/quote-moves';
import { groupsFor } from './scopes';

const SELLING = ['ENTERPRISE_ADMIN', 'DEAL_DESK', 'RELATIONSHIP_MANAGER', 'PARTNER_MANAGER', 'PARTNER_ASSOCIATE'] as const;

/** Moves that state, table and roles allow this caller now. */
export function movesFor(caller: Caller, loaded: LoadedQuote): string[] {
  const { quote } = loaded;
  const owner = hasRole(caller, ...SELLING) && actsFor(caller, loaded, quote.partnerId);
  const moves = possibleMoves(quoteMoves, quote.state).filter((move) => {
    if (SYSTEM_MOVES.includes(move)) return false;
    return move === 'approve' || move === 'reject' ? mayDecide(caller, loaded) : owner;
  });
  return [...moves, ...lineMoves(caller, loaded)];
}

function mayDecide(caller: Caller, loaded: LoadedQuote): boolean {
  const group = awaitingGroup(loaded.quote);
  return group !== null && groupsFor(caller, loaded).has(group) && loaded.quote.submittedBy !== caller.principal;
}

/** The people of a suspended partner read only. */
const actsFor = (caller: Caller, { acts, inactive }: LoadedQuote, partnerId: string): boolean =>
  acts.has(partnerId) && (isEnterprise(caller) || !inactive.has(partnerId));

function lineMoves(caller: Caller, loaded: LoadedQuote): string[] {
  if (!hasRole(caller, ...SELLING)) return [];
  const { quote } = loaded;
  const own = quote.lines.filter((line) => actsFor(caller, loaded, line.linePartnerId));
  const writing = quote.state === 'DRAFT' || quote.state === 'PRICED';
  const asked = writing ? own.filter((line) => line.confirmation !== 'NOT_NEEDED') : [];
  return [
    ...(asked.some((line) => line.confirmation !== 'CONFIRMED') ? ['confirmLines'] : []),
    ...(asked.some((line) => line.confirmation !== 'REFUSED') ? ['refuseLines'] : []),
    ...(own.length > 0 ? ['shareLine'] : []),
  ];
}
