import type { Violation } from '@openprm/errors';
import type { Money } from '@openprm/money';
import { protectionTimers } from './approve-deal';
import { checkConflict, type Candidate, type ConflictCheck } from './conflict';
import { claimKeys } from './claim';
import type { Deal, DealDecision, DealContent } from './deal';
import { dealType } from './deal-types';
import { closeReasons, isClosed, leadModeFor, opportunityOf, type CloseReason, type OpportunityDecision, type Stage } from './opportunity';
import { collide, coverage, protectionEnd, type Protection } from './protection';
import { draftOf } from './register-deal';
import { sellingModelFor, type Terms } from './terms';
import type { SellingModel } from './selling-models';

/** A deal as another system knew it, with its historic dates. */
export interface ImportedDeal extends Omit<DealContent, 'sellingModel'> {
  externalId: string;
  partnerId: string;
  sellingModel: SellingModel | null;
  targetState: 'DRAFT' | 'CONVERTED';
  createTime: Date | null;
  approveTime: Date | null;
  opportunity: { stage: Stage; closeDate: string | null; amount: Money | null; closeReason: CloseReason | null; closeText: string } | null;
}

export interface ImportFacts {
  terms: Terms;
  partnerName: string;
  partnerDomains: readonly string[];
  /** Ids and numbers made for it. */
  dealId: string;
  dealNumber: string;
  opportunityId: string;
  opportunityNumber: string;
  protectionId: string;
  /** Live claims on the same customer, those of the same import included. */
  candidates: readonly Candidate[];
}

export interface ImportDecision {
  deal: DealDecision;
  opportunity: OpportunityDecision | null;
  /** The explained conflict that left it without a protection. */
  conflict: ConflictCheck | null;
}

/** What is wrong with an item, whatever else is known. */
export function importViolations(item: ImportedDeal, now: Date): Violation[] {
  const converted = item.targetState === 'CONVERTED';
  const close = item.opportunity && isClosed(item.opportunity.stage) ? item.opportunity : null;
  const faults: [boolean, string, string, string][] = [
    [!dealType(item.type), 'deal.type', 'UNKNOWN_DEAL_TYPE', 'Use a code of ListDealTypes.'],
    [converted && item.customer.name === '', 'deal.customer.name', 'INCOMPLETE', 'Name the customer.'],
    [converted && item.customer.country === '', 'deal.customer.country', 'INCOMPLETE', "Give the customer's country."],
    [converted && item.createTime === null, 'create_time', 'INCOMPLETE', 'Give the time of the first engagement.'],
    [converted && item.opportunity === null, 'opportunity', 'INCOMPLETE', 'Give the opportunity that the deal became.'],
    [
      (item.amount?.minor ?? 0n) < 0n || (item.opportunity?.amount?.minor ?? 0n) < 0n,
      'deal.amount',
      'INVALID_AMOUNT',
      'Give an amount that is not negative.',
    ],
    [close !== null && close.closeDate === null, 'opportunity.close_date', 'INCOMPLETE', 'Give the day it was closed.'],
    [
      close !== null && close.closeReason !== null && !closeReasons[close.stage as 'CLOSED_WON'].includes(close.closeReason),
      'opportunity.close_reason',
      'INVALID',
      'Give a reason that fits the stage.',
    ],
    [
      !!close?.closeDate && item.createTime !== null && close.closeDate < dayOf(item.createTime),
      'opportunity.close_date',
      'INVALID_DATE',
      'The close lies before the first engagement.',
    ],
    [
      item.createTime !== null && item.approveTime !== null && item.approveTime < item.createTime,
      'approve_time',
      'INVALID_DATE',
      'The approval lies before the first engagement.',
    ],
    [item.createTime !== null && item.createTime > now, 'create_time', 'INVALID_DATE', 'The first engagement lies in the future.'],
  ];
  return faults.filter(([isFault]) => isFault).map(([, field, reason, description]) => ({ field, reason, description }));
}

/** The deal, its opportunity and its protection as they would stand now had they been made here. */
export function importDeal(item: ImportedDeal, facts: ImportFacts, now: Date): ImportDecision {
  const { opportunity: _, targetState, createTime: __, approveTime: ___, sellingModel, ...content } = item;
  const start = item.createTime ?? now;
  const own = {
    ...content,
    id: facts.dealId,
    number: facts.dealNumber,
    partnerName: facts.partnerName,
    programId: facts.terms.programId,
    sellingModel: sellingModelFor(facts.terms, item.type, sellingModel),
  };
  const draft = draftOf(own, facts.terms, start);
  if (targetState === 'DRAFT') return { deal: imported(draft), opportunity: null, conflict: null };
  return importConverted(item, draft, facts, start, now);
}

const imported = (deal: Deal): DealDecision => ({ deal, move: 'import', events: [{ type: 'DealImported' }] });

function importConverted(item: ImportedDeal, draft: Deal, facts: ImportFacts, start: Date, now: Date): ImportDecision {
  const approveTime = item.approveTime ?? start;
  const customerKeys = claimKeys(item, facts.partnerDomains);
  const covered = coverage(item.lines, item.customer.country, facts.terms);
  const stage = item.opportunity!.stage;
  const end = protectionEnd(approveTime, facts.terms);
  const wants = dealType(item.type)!.claimsProtection && !isClosed(stage) && end >= now;
  const conflict = wants ? collisions({ draft, customerKeys, covered, start }, facts, now) : null;
  const active: Protection | null =
    wants && !conflict ? { id: facts.protectionId, state: 'ACTIVE', ...covered, start: approveTime, end, releaseReason: '' } : null;
  const past: Protection | null =
    wants || !dealType(item.type)!.claimsProtection
      ? null
      : { id: facts.protectionId, ...covered, start: approveTime, ...pastEnd(item, end), releaseReason: '' };
  const deal: Deal = {
    ...draft,
    state: 'CONVERTED',
    customerKeys,
    submitTime: start,
    firstCompleteTime: start,
    decideTime: approveTime,
    protection: active ?? past,
    conflict,
    opportunityId: facts.opportunityId,
    opportunityNumber: facts.opportunityNumber,
    timers: active ? protectionTimers(end, facts.terms.noticeDays, now) : [],
    updateTime: lastChange(item, approveTime),
  };
  return { deal: imported(deal), opportunity: importedOpportunity(item, deal, facts, now), conflict };
}

function pastEnd(item: ImportedDeal, end: Date): Pick<Protection, 'state' | 'end'> {
  const closed = item.opportunity?.closeDate ? new Date(`${item.opportunity.closeDate}T23:59:59Z`) : end;
  return closed < end ? { state: 'RELEASED', end: closed } : { state: 'EXPIRED', end };
}

interface Wanted {
  draft: Deal;
  customerKeys: string[];
  covered: { families: string[]; country: string };
  start: Date;
}

/** The check, when somebody holds what this deal would need; else null. */
function collisions({ draft, customerKeys, covered, start }: Wanted, { candidates, terms }: ImportFacts, now: Date): ConflictCheck | null {
  const holders = candidates.filter(
    (each) =>
      each.protectionState === 'ACTIVE' &&
      each.protectionEnd !== null &&
      each.protectionEnd >= now &&
      each.keys.some((key) => customerKeys.includes(key)) &&
      collide(covered, each),
  );
  if (holders.length === 0) return null;
  const claim = {
    dealId: draft.id,
    partnerId: draft.partnerId,
    type: draft.type,
    keys: customerKeys,
    ...covered,
    firstCompleteTime: start,
  };
  return checkConflict(claim, holders, terms.coolDownDays, now);
}

function importedOpportunity(item: ImportedDeal, deal: Deal, facts: ImportFacts, now: Date): OpportunityDecision {
  const { stage, closeDate, amount, closeReason, closeText } = item.opportunity!;
  const start = item.approveTime ?? item.createTime ?? now;
  const base = opportunityOf(
    deal,
    { id: facts.opportunityId, number: facts.opportunityNumber, leadMode: leadModeFor(deal.sellingModel) },
    start,
  );
  const closed = isClosed(stage);
  const opportunity = {
    ...base,
    stage,
    amount: amount ?? deal.amount,
    closeDate: closed ? closeDate : null,
    closeReason: closed ? (closeReason ?? 'OTHER') : null,
    closeText: closed ? closeText : '',
    stageTime: closed && closeDate ? new Date(`${closeDate}T12:00:00Z`) : start,
    externalId: item.externalId,
    updateTime: lastChange(item, start),
  };
  return { opportunity, move: 'import', events: [{ type: 'OpportunityImported' }] };
}

/** When it last moved there: figures of recent activity then show what happened last, not what was imported last. */
function lastChange({ opportunity }: ImportedDeal, otherwise: Date): Date {
  const closed =
    opportunity && isClosed(opportunity.stage) && opportunity.closeDate ? new Date(`${opportunity.closeDate}T12:00:00Z`) : otherwise;
  return closed > otherwise ? closed : otherwise;
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
