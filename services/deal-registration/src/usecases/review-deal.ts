import type { Caller } from '@openprm/access';
import { invalid } from '@openprm/errors';
import { transact, type Command } from '@openprm/postgres';
import { lockCustomers } from '../db/claims';
import { loadDealsById, type DealView } from '../db/deals';
import { findCustomer, findPersonName } from '../db/partners';
import { dealScope } from '../db/visible';
import type { Deps } from '../deps';
import { approveDeal as approve } from '../domain/approve-deal';
import { claimKeys } from '../domain/claim';
import type { MatchDecision } from '../domain/conflict';
import type { RejectCode } from '../domain/deal';
import {
  releaseProtection,
  requestDealRevocation as requestRevocation,
  revokeDeal as revoke,
  withdrawDeal as withdraw,
} from '../domain/end-deal';
import {
  answerDealInfo as answer,
  decideDealConflict as decide,
  rejectDeal as reject,
  requestDealInfo as requestInfo,
  takeDeal as take,
  type DealAnswer,
} from '../domain/review-deal';
import { filledIn } from './create-deal';
import { loadForMove, moveDeal, type DealRef } from './move-deal';
import { storeDeal } from './store';
import { candidatesFor } from './submit-deal';

export function takeDeal(deps: Deps, command: Command, caller: Caller, ref: DealRef, reviewerId: string | null): Promise<DealView> {
  return moveDeal(deps, command, caller, ref, 'take', async (tx, { deal, terms, person }) => {
    const name = reviewerId ? await findPersonName(tx, reviewerId, null) : person.name;
    if (name === null) throw invalid('reviewer_person_id', 'is not a person known here (yet).', 'UNKNOWN_PERSON');
    return take(deal, reviewerId ? { personId: reviewerId, name } : person, { terms, calendar: deps.settings.calendar }, command.now);
  });
}

export function requestDealInfo(
  deps: Deps,
  command: Command,
  caller: Caller,
  ref: DealRef,
  input: { text: string; internalNote: string },
): Promise<DealView> {
  return moveDeal(deps, command, caller, ref, 'requestInfo', (_tx, { deal, terms }) =>
    requestInfo(deal, input, { terms, calendar: deps.settings.calendar }, command.now),
  );
}

export function answerDealInfo(deps: Deps, command: Command, caller: Caller, ref: DealRef, sent: DealAnswer): Promise<DealView> {
  return moveDeal(deps, command, caller, ref, 'answer', async (tx, { deal, terms, partnerDomains }) => {
    const { customer } = sent;
    const input = customer
      ? {
          ...sent,
          customer: filledIn(customer, customer.customerId ? await findCustomer(tx, dealScope(caller), customer.customerId) : null),
        }
      : sent;
    const keys = claimKeys({ customer: input.customer ?? deal.customer }, partnerDomains);
    const candidates = await candidatesFor(tx, { ...deal, customerKeys: keys }, terms, command.now);
    return answer(deal, input, { terms, calendar: deps.settings.calendar, partnerDomains, candidates }, command.now);
  });
}

export interface DecideInput {
  dealId: string | null;
  opportunityId: string | null;
  decision: MatchDecision;
  reason: string;
}

/** A decision about one match. Two admins who let this deal go first end the other's protection with it. */
export function decideDealConflict(deps: Deps, command: Command, caller: Caller, ref: DealRef, input: DecideInput): Promise<DealView> {
  return transact(deps, command, async (tx) => {
    const moving = await loadForMove(tx, deps, command, caller, ref, 'decideConflict');
    const { deal, terms, person, standing } = moving;
    await lockCustomers(tx, deal.customerKeys);
    const facts = { terms, calendar: deps.settings.calendar, candidates: await candidatesFor(tx, deal, terms, command.now) };
    const decision = decide(deal, { ...input, person, isAdmin: standing.enterpriseAdmin }, facts, command.now);
    const [blocking] = decision.releases ? await loadDealsById(tx, [decision.releases]) : [];
    if (blocking) storeDeal(tx, deps, blocking, releaseProtection(blocking, 'ANOTHER_CLAIM_GOES_FIRST', command.now), command);
    return { ...moving, deal: storeDeal(tx, deps, deal, decision, command) };
  });
}

/** The protection becomes active. The lock on the customer comes before the last look at other claims. */
export function approveDeal(
  deps: Deps,
  command: Command,
  caller: Caller,
  ref: DealRef,
  input: { withoutProtection: boolean; comment: string; internalNote: string },
): Promise<DealView> {
  return moveDeal(deps, command, caller, ref, 'approve', async (tx, { deal, terms, person }) => {
    await lockCustomers(tx, deal.customerKeys);
    return approve(
      deal,
      { ...input, approver: person },
      { terms, candidates: await candidatesFor(tx, deal, terms, command.now) },
      command.now,
    );
  });
}

export function rejectDeal(
  deps: Deps,
  command: Command,
  caller: Caller,
  ref: DealRef,
  input: { code: RejectCode; reason: string; internalNote: string },
): Promise<DealView> {
  return moveDeal(deps, command, caller, ref, 'reject', (_tx, { deal, person }) => reject(deal, { ...input, person }, command.now));
}

export function withdrawDeal(deps: Deps, command: Command, caller: Caller, ref: DealRef, reason: string): Promise<DealView> {
  return moveDeal(deps, command, caller, ref, 'withdraw', (_tx, { deal }) => withdraw(deal, reason, command.now));
}

export function requestDealRevocation(deps: Deps, command: Command, caller: Caller, ref: DealRef, reason: string): Promise<DealView> {
  return moveDeal(deps, command, caller, ref, 'requestRevocation', (_tx, { deal, person }) =>
    requestRevocation(deal, { person, reason }, command.now),
  );
}

export function revokeDeal(deps: Deps, command: Command, caller: Caller, ref: DealRef, internalNote: string): Promise<DealView> {
  return moveDeal(deps, command, caller, ref, 'revoke', (_tx, { deal, person }) => revoke(deal, { person, internalNote }, command.now));
}
