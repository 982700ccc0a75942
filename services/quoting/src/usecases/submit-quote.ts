import type { Command } from '@openprm/postgres';
import { loadQuote, type Reach } from '../db/quotes';
import type { Deps } from '../deps';
import type { ApprovalStep } from '../domain/approval';
import { rightsIn, standingIn, termsOf, type QuoteFacts } from '../domain/facts';
import type { Quote } from '../domain/quote';
import * as life from '../domain/quote-life';
import { failedPrecondition } from '@openprm/errors';
import { visibleSteps, type Viewer } from '../domain/visibility';
import { changeQuote, factsOf, requireOwner, type Changed, type Target } from './change-quote';
import { by } from './store';

/** PRICED to APPROVED, or to APPROVAL_NEEDED when a rule fires. */
export const submitQuote = (deps: Deps, command: Command, reach: Reach, target: Target): Promise<Changed> =>
  changeQuote(deps, command, reach, target, by(command, 'submit'), async (loaded, tx) => {
    requireOwner(reach, loaded);
    const facts = await factsOf(tx, reach, loaded.quote, command.now);
    return life.submitQuote(
      loaded.quote,
      { ...chainFacts(deps, facts, loaded.quote, command.principal), standingOf: standingIn(facts) },
      command.now,
    );
  });

/** The chain that a submit by this caller would lead to, as the caller may see it. */
export async function previewApproval(
  deps: Deps,
  principal: string,
  reach: Reach,
  id: string,
  viewerOf: (loaded: { sees: Set<string> }) => Viewer,
): Promise<ApprovalStep[]> {
  const loaded = await loadQuote(deps.database, reach, id);
  if (loaded.quote.state !== 'PRICED')
    throw failedPrecondition('ILLEGAL_MOVE', `Only a PRICED quote has a preview; it is ${loaded.quote.state}.`, {
      state: loaded.quote.state,
      moves: '',
    });
  const facts = await factsOf(deps.database, reach, loaded.quote, deps.clock());
  return visibleSteps(loaded.quote, viewerOf(loaded), life.previewChain(loaded.quote, chainFacts(deps, facts, loaded.quote, principal)));
}

function chainFacts(deps: Deps, facts: QuoteFacts, quote: Quote, principal: string) {
  const terms = termsOf(facts, quote.partnerId);
  return {
    rightsOf: rightsIn(facts),
    limit: terms.limit,
    confirmationNeeded: terms.lineConfirmation,
    submittedBy: principal,
    newId: deps.newId,
  };
}
