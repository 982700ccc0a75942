import type { Caller } from '@openprm/access';
import { checkEtag, transact, type Command, type Tx } from '@openprm/postgres';
import { loadDeal, type DealView } from '../db/deals';
import type { Deps } from '../deps';
import { actsForPartner, mayMove, refusal, type AuthorityFacts } from '../domain/authority';
import type { DealDecision, Person } from '../domain/deal';
import { stateAfter, type DealMove } from '../domain/deal-moves';
import { requireTrading } from '../domain/submit-deal';
import { termsOf, type Terms } from '../domain/terms';
import { storeDeal } from './store';

export interface DealRef {
  id: string;
  etag: string;
}

export interface DealMoving extends DealView {
  terms: Terms;
  person: Person;
}

/** What every move has in common: read within the caller's scope, check version, state and authority, decide, store. */
export function moveDeal(
  deps: Deps,
  command: Command,
  caller: Caller,
  { id, etag }: DealRef,
  move: DealMove,
  decide: (tx: Tx, moving: DealMoving) => DealDecision | Promise<DealDecision>,
): Promise<DealView> {
  return transact(deps, command, async (tx) => {
    const moving = await loadForMove(tx, deps, command, caller, { id, etag }, move);
    const decision = await decide(tx, moving);
    return { ...moving, deal: storeDeal(tx, deps, moving.deal, decision, command) };
  });
}

/** The deal when this caller may make this move now. The state is looked at first: it says what would be possible. */
export async function loadForMove(
  tx: Tx,
  deps: Deps,
  command: Command,
  caller: Caller,
  { id, etag }: DealRef,
  move: DealMove,
): Promise<DealMoving> {
  const view = await loadDeal(tx, caller, id);
  checkEtag(view.deal, etag);
  stateAfter(view.deal, move);
  const terms = termsOf(view.offers, view.deal.programId);
  const facts = { deal: view.deal, ...authorityFacts(deps, terms) };
  if (!mayMove(view.standing, move, facts)) throw refusal(view.standing, move, facts);
  if (actsForPartner(view.standing)) requireTrading(view.partnerState);
  return { ...view, terms, person: personOf(command) };
}

export const authorityFacts = (deps: Deps, terms: Terms): AuthorityFacts => ({
  terms,
  relationshipManagerLimits: deps.settings.relationshipManagerLimits,
});

export const personOf = ({ actor }: Command): Person => ({ personId: actor.personId, name: actor.name });
