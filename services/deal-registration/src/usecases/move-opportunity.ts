import type { Caller } from '@openprm/access';
import { invalid, permissionDenied } from '@openprm/errors';
import { checkEtag, transact, type Command, type Tx } from '@openprm/postgres';
import { loadDealsById } from '../db/deals';
import { loadOpportunity, salesFactsOf, type OpportunityView } from '../db/opportunities';
import { findPersonName } from '../db/partners';
import type { Deps } from '../deps';
import { actsForPartner, mayMoveOpportunity } from '../domain/authority';
import { releaseProtection } from '../domain/end-deal';
import {
  changeStage as stage,
  editOpportunity as edit,
  loseOpportunity as lose,
  reopenOpportunity as reopen,
  setPartners as partners,
  winOpportunity as win,
  type CloseInput,
  type OpportunityEdit,
} from '../domain/move-opportunity';
import { isClosed, type OpportunityDecision, type Stage } from '../domain/opportunity';
import { requireOpportunityMove, type OpportunityMove } from '../domain/opportunity-moves';
import type { RelatedPartner } from '../domain/related-partner';
import { requireTrading } from '../domain/submit-deal';
import { named } from './create-deal';
import { storeDeal, storeOpportunity } from './store';

export interface OpportunityRef {
  id: string;
  etag: string;
}

type Decide = (tx: Tx, view: OpportunityView) => OpportunityDecision | Promise<OpportunityDecision>;

function moveOpportunity(
  deps: Deps,
  command: Command,
  caller: Caller,
  { id, etag }: OpportunityRef,
  move: OpportunityMove,
  decide: Decide,
): Promise<OpportunityView> {
  return transact(deps, command, async (tx) => {
    const view = await loadOpportunity(tx, caller, id);
    checkEtag(view.opportunity, etag);
    requireOpportunityMove(view.opportunity.stage, move);
    if (!mayMoveOpportunity(view.standing, move, view.opportunity)) throw refusal(view, move);
    if (actsForPartner(view.standing)) requireTrading(view.partnerState);
    const decision = await decide(tx, view);
    const protection = isClosed(decision.opportunity.stage) ? await endProtection(tx, deps, view, command) : view.protection;
    return { ...view, protection, opportunity: storeOpportunity(tx, deps, view.opportunity, decision, { ...view, protection }, command) };
  });
}

const refusal = ({ standing, opportunity }: OpportunityView, move: OpportunityMove) =>
  move !== 'reopen' && (standing.associate || standing.manager)
    ? permissionDenied(
        opportunity.leadMode === 'PARENT_LED' ? 'The enterprise leads this opportunity: you read it.' : 'Your role does not allow this.',
        'NOT_LEADING',
      )
    : permissionDenied('Your role does not allow this for this opportunity.');

/** Closing ends the exclusive right that came with the deal. */
async function endProtection(
  tx: Tx,
  deps: Deps,
  { opportunity, protection }: OpportunityView,
  command: Command,
): Promise<OpportunityView['protection']> {
  if (protection?.state !== 'ACTIVE' || !opportunity.dealId) return protection;
  const [deal] = await loadDealsById(tx, [opportunity.dealId]);
  return deal ? storeDeal(tx, deps, deal, releaseProtection(deal, 'OPPORTUNITY_CLOSED', command.now), command).protection : protection;
}

export interface SentOpportunityEdit extends Omit<OpportunityEdit, 'ownerName' | 'leadMode'> {
  leadMode?: OpportunityEdit['leadMode'] | null;
}

export function editOpportunity(
  deps: Deps,
  command: Command,
  caller: Caller,
  ref: OpportunityRef,
  sent: SentOpportunityEdit,
): Promise<OpportunityView> {
  return moveOpportunity(deps, command, caller, ref, 'edit', async (tx, { opportunity, standing }) => {
    const { leadMode, title, ownerPersonId, ...rest } = sent;
    // Who leads is agreed with the enterprise; a partner cannot take the lead by itself.
    if (leadMode && leadMode !== opportunity.leadMode && actsForPartner(standing))
      throw permissionDenied('The enterprise decides who leads.', 'NOT_LEADING');
    const owner = ownerPersonId ? { ownerPersonId, ownerName: await ownerName(tx, ownerPersonId, opportunity.partnerId) } : {};
    return edit(opportunity, { ...rest, ...owner, ...(title && { title }), ...(leadMode && { leadMode }) }, command.now);
  });
}

async function ownerName(tx: Tx, personId: string, partnerId: string | null): Promise<string> {
  const name = await findPersonName(tx, personId, partnerId);
  if (name === null) throw invalid('opportunity.owner_person_id', 'is not active staff of the partner.', 'UNKNOWN_PERSON');
  return name;
}

export function changeStage(deps: Deps, command: Command, caller: Caller, ref: OpportunityRef, to: Stage): Promise<OpportunityView> {
  return moveOpportunity(deps, command, caller, ref, 'changeStage', (_tx, view) =>
    stage(view.opportunity, to, salesFactsOf(view), command.now),
  );
}

export function winOpportunity(
  deps: Deps,
  command: Command,
  caller: Caller,
  ref: OpportunityRef,
  input: CloseInput,
): Promise<OpportunityView> {
  return moveOpportunity(deps, command, caller, ref, 'win', (_tx, view) => win(view.opportunity, input, salesFactsOf(view), command.now));
}

export function loseOpportunity(
  deps: Deps,
  command: Command,
  caller: Caller,
  ref: OpportunityRef,
  input: CloseInput,
): Promise<OpportunityView> {
  return moveOpportunity(deps, command, caller, ref, 'lose', (_tx, view) => lose(view.opportunity, input, command.now));
}

export function reopenOpportunity(
  deps: Deps,
  command: Command,
  caller: Caller,
  ref: OpportunityRef,
  reason: string,
): Promise<OpportunityView> {
  return moveOpportunity(deps, command, caller, ref, 'reopen', (_tx, view) =>
    reopen(view.opportunity, reason, salesFactsOf(view), command.now),
  );
}

export function setOpportunityPartners(
  deps: Deps,
  command: Command,
  caller: Caller,
  ref: OpportunityRef,
  related: RelatedPartner[],
): Promise<OpportunityView> {
  return moveOpportunity(deps, command, caller, ref, 'setPartners', async (tx, { opportunity }) =>
    partners(opportunity, await named(tx, related), command.now),
  );
}
