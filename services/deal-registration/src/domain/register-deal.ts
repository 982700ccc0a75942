import { failedPrecondition, invalid, invalidFields, type Violation } from '@openprm/errors';
import { changed, type Customer, type Deal, type DealContent, type DealDecision, type Line } from './deal';
import { dealType } from './deal-types';
import { stateAfter } from './deal-moves';
import { checkRelatedPartners } from './related-partner';
import { sellingModelFor, termsFor, type Terms } from './terms';
import type { SellingModel } from './selling-models';

export interface NewDeal extends Omit<DealContent, 'sellingModel'> {
  id: string;
  number: string;
  partnerId: string;
  partnerName: string;
  programId: string | null;
  sellingModel: SellingModel | null;
  externalId: string | null;
}

export const noCustomer: Customer = {
  customerId: null,
  name: '',
  country: '',
  city: '',
  taxId: '',
  website: '',
  contactName: '',
  contactEmail: '',
};

/** A draft under the first program of the partner that offers the type. */
export function createDeal(input: NewDeal, offers: readonly Terms[], now: Date): DealDecision {
  if (!dealType(input.type)) throw invalid('deal.type', 'is not a known deal type: see ListDealTypes.', 'UNKNOWN_DEAL_TYPE');
  const terms = termsFor(offers, input.type, input.programId);
  const content = { ...input, sellingModel: sellingModelFor(terms, input.type, input.sellingModel) };
  checkContent(content);
  return { deal: draftOf(content, terms, now), move: 'create', events: [{ type: 'DealCreated' }] };
}

/** A draft with everything that only moves can fill left empty. */
export function draftOf(
  content: Omit<NewDeal, 'sellingModel'> & { sellingModel: SellingModel },
  terms: Pick<Terms, 'programId' | 'programName'>,
  now: Date,
): Deal {
  return {
    ...content,
    title: content.title || content.customer.name || content.number,
    programId: terms.programId,
    programName: terms.programName,
    ...untouched,
    version: 1,
    createTime: now,
    updateTime: now,
  };
}

const untouched = {
  state: 'DRAFT' as const,
  customerKeys: [],
  submittedBy: null,
  submittedByName: '',
  submitTime: null,
  firstCompleteTime: null,
  decideTime: null,
  protection: null,
  conflict: null,
  conflictNotice: '',
  queued: false,
  reviewGroup: '' as const,
  routingReason: '',
  infoRequest: '',
  infoAnswer: '',
  rejectCode: null,
  reason: '',
  internalNote: '',
  reviewerId: null,
  reviewerName: '',
  approverName: '',
  autoApproved: false,
  opportunityId: null,
  opportunityNumber: '',
  resubmissionOf: null,
  resubmissions: 0,
  revocationRequestedBy: null,
  revocationRequestedByName: '',
  dueTime: null,
  pausedMinutes: null,
  timers: [],
};

export type DealEdit = Partial<Omit<DealContent, 'ownerName'>> & { ownerName?: string };

export function editDeal(deal: Deal, edit: DealEdit, offers: readonly Terms[], now: Date): DealDecision {
  stateAfter(deal, 'edit');
  const next = { ...deal, ...edit };
  if (!dealType(next.type)) throw invalid('deal.type', 'is not a known deal type: see ListDealTypes.', 'UNKNOWN_DEAL_TYPE');
  const terms = termsFor(offers, next.type, edit.type ? null : deal.programId);
  const sellingModel = sellingModelFor(terms, next.type, edit.sellingModel ?? (edit.type ? null : deal.sellingModel));
  checkContent(next);
  const after = changed(deal, now, { ...edit, sellingModel, programId: terms.programId, programName: terms.programName });
  return { deal: after, move: 'edit', events: [{ type: 'DealUpdated' }] };
}

export function deleteDeal(deal: Deal, now: Date): DealDecision {
  stateAfter(deal, 'delete');
  return { deal: changed(deal, now, {}), move: 'delete', events: [{ type: 'DealDeleted' }] };
}

export interface Resubmission {
  id: string;
  number: string;
  ownerPersonId: string | null;
  ownerName: string;
  /** True when somebody else has a live claim on the same customer. */
  anotherWaits: boolean;
}

/** A new draft with the content of a claim that ended. It takes a new place in line when it is submitted. */
export function resubmitDeal(old: Deal, input: Resubmission, terms: Terms, now: Date): DealDecision {
  stateAfter(old, 'resubmit');
  if (old.resubmissions >= terms.resubmitMax)
    throw failedPrecondition('TOO_MANY_RESUBMISSIONS', `A claim can be repeated ${terms.resubmitMax} times at most.`);
  const freeFrom = new Date(old.updateTime.getTime() + terms.resubmitWaitDays * 86_400_000);
  if (old.state === 'EXPIRED' && input.anotherWaits && now < freeFrom) {
    throw failedPrecondition(
      'WAITING_PERIOD',
      `Another partner waits for this customer: repeat from ${freeFrom.toISOString().slice(0, 10)} on.`,
    );
  }
  const { anotherWaits: _, ...person } = input;
  const deal = draftOf({ ...old, ...person, externalId: null }, old, now);
  return {
    deal: { ...deal, resubmissionOf: old.id, resubmissions: old.resubmissions + 1 },
    move: 'resubmit',
    events: [{ type: 'DealCreated' }],
  };
}

/** What must hold for a draft already: amounts that can be added up, and shares that make sense. */
export function checkContent(content: Pick<DealContent, 'lines' | 'amount' | 'related'>): void {
  const violations = [...amountViolations(content.lines, content.amount)];
  if (violations.length > 0) throw invalidFields(violations);
  checkRelatedPartners(content.related);
}

function amountViolations(lines: readonly Line[], amount: DealContent['amount']): Violation[] {
  const currency = amount?.currency ?? lines.find((line) => line.amount)?.amount?.currency;
  const sent = [{ field: 'amount', amount }, ...lines.map((line, index) => ({ field: `lines[${index}].amount`, amount: line.amount }))];
  return sent.flatMap(({ field, amount: each }) => {
    if (each && each.minor < 0n) return [{ field, description: 'is negative.', reason: 'INVALID_AMOUNT' }];
    if (each && each.currency !== currency)
      return [{ field, description: `is in ${each.currency} while the deal is in ${currency}.`, reason: 'CURRENCY_MISMATCH' }];
    return [];
  });
}
