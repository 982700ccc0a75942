import { invalid, invalidFields, type Violation } from '@openprm/errors';
import { answerItem, importBatch, type Command, type ImportResult, type Tx } from '@openprm/postgres';
import { findHolders, lockCustomers } from '../db/claims';
import {
  findImported,
  findImportPartners,
  findStaffNames,
  lockImports,
  nextNumbers,
  type ImportPartner,
  type KnownDeal,
} from '../db/imports';
import type { Deps } from '../deps';
import { claimKeys } from '../domain/claim';
import type { Candidate, ConflictCheck } from '../domain/conflict';
import type { Deal } from '../domain/deal';
import { importDeal, importViolations, type ImportDecision, type ImportedDeal } from '../domain/import-deal';
import { checkContent } from '../domain/register-deal';
import { defaultTerms } from '../domain/terms';
import { nothingAround, storeDeal, storeOpportunity } from './store';

/** An item as it came: what cannot be read is refused by itself, not with the batch. */
export interface ImportDealItem {
  externalId: string;
  read: () => ImportedDeal;
}

export interface ImportedResult {
  result: ImportResult;
  number: string;
  opportunityId: string;
  protected: boolean;
  conflict: ConflictCheck | null;
}

interface Known {
  deals: Map<string, KnownDeal>;
  partners: Map<string, ImportPartner>;
  staff: Map<string, string>;
  numbers: { deal: string; opportunity: string }[];
  /** Live protections; grows with those that the batch itself makes. */
  holders: Candidate[];
}

interface Readable {
  externalId: string;
  item: ImportedDeal | null;
  violations: Violation[];
}

/**
 * Records a batch in eight statements however many items. Within a batch the claim that engaged first keeps the protection;
 * across batches the one that was sent first does, so send them in the order of `create_time`.
 */
export async function importDeals(deps: Deps, command: Command, items: ImportDealItem[], validateOnly: boolean): Promise<ImportedResult[]> {
  const details = new Map<string, ImportedResult>();
  const readable = items.map((item) => toReadable(item, command.now));
  const results = await importBatch(deps, command, validateOnly, async (tx) => {
    const known = await loadKnown(tx, readable);
    const answers = new Map<string, ImportResult>();
    for (const each of inOrder(readable)) {
      const { result, ...detail } = importOne(tx, deps, command, each, known);
      if (!answers.has(each.externalId)) details.set(each.externalId, { result, ...detail });
      answers.set(each.externalId, answers.get(each.externalId) ?? result);
    }
    return items.map((item) => answers.get(item.externalId)!);
  });
  return results.map((result) => ({
    number: '',
    opportunityId: '',
    protected: false,
    conflict: null,
    ...details.get(result.externalId),
    result,
  }));
}

function toReadable({ externalId, read }: ImportDealItem, now: Date): Readable {
  try {
    const item = read();
    const violations = importViolations(item, now);
    if (violations.length === 0) checkContent(item);
    return { externalId, item, violations };
  } catch (error) {
    const { details } = error as { details?: { violations?: Violation[] } };
    if (!details?.violations) throw error;
    return { externalId, item: null, violations: details.violations };
  }
}

const inOrder = (items: Readable[]): Readable[] =>
  [...items].sort((left, right) => (left.item?.createTime?.getTime() ?? 0) - (right.item?.createTime?.getTime() ?? 0));

async function loadKnown(tx: Tx, items: Readable[]): Promise<Known> {
  await lockImports(tx);
  const deals = await findImported(
    tx,
    items.map((each) => each.externalId),
  );
  const fresh = items.flatMap((each) => (each.item && !deals.has(each.externalId) ? [each.item] : []));
  if (fresh.length === 0) return { deals, partners: new Map(), staff: new Map(), numbers: [], holders: [] };
  const partners = await findImportPartners(tx, [...new Set(fresh.map((item) => item.partnerId))]);
  const staff = await findStaffNames(tx, [...new Set(fresh.flatMap((item) => item.ownerPersonId ?? []))]);
  const numbers = await nextNumbers(tx, fresh.length);
  const keys = [
    ...new Set(
      fresh
        .filter((item) => item.targetState === 'CONVERTED')
        .flatMap((item) => claimKeys(item, partners.get(item.partnerId)?.domains ?? [])),
    ),
  ];
  await lockCustomers(tx, keys);
  return { deals, partners, staff, numbers, holders: await findHolders(tx, keys) };
}

function importOne(tx: Tx, deps: Deps, command: Command, each: Readable, known: Known): ImportedResult {
  const existing = known.deals.get(each.externalId);
  let decision: ImportDecision | undefined;
  const result = answerItem(each, existing?.id, () => {
    if (!each.item || each.violations.length > 0) throw invalidFields(each.violations);
    decision = decide(deps, command, each.item, known);
    storeDeal(tx, deps, null, decision.deal, command);
    if (decision.opportunity)
      storeOpportunity(tx, deps, null, decision.opportunity, { ...nothingAround, protection: decision.deal.deal.protection }, command);
    return decision.deal.deal.id;
  });
  if (!decision)
    return existing && result.outcome !== 'REFUSED'
      ? asBefore(result, existing)
      : { result, number: '', opportunityId: '', protected: false, conflict: null };
  const { deal } = decision.deal;
  remember(known, each.externalId, deal);
  const notes = decision.conflict ? noteOf(decision.conflict) : [];
  return {
    result: result.outcome === 'CREATED' ? { ...result, notes } : result,
    number: deal.number,
    opportunityId: deal.opportunityId ?? '',
    protected: deal.protection?.state === 'ACTIVE',
    conflict: decision.conflict,
  };
}

function decide(deps: Deps, command: Command, item: ImportedDeal, known: Known): ImportDecision {
  const partner = known.partners.get(item.partnerId);
  if (!partner)
    throw invalid('deal.partner_id', 'is not a partner known here (yet): repeat when its event has arrived.', 'UNKNOWN_PARTNER');
  const ownerName = item.ownerPersonId ? known.staff.get(`${item.partnerId} ${item.ownerPersonId}`) : '';
  if (ownerName === undefined)
    throw invalid(
      'deal.owner_person_id',
      'is not staff of the partner known here (yet): repeat when the event has arrived.',
      'UNKNOWN_PERSON',
    );
  const numbers = known.numbers.pop()!;
  const facts = {
    // What was sold before may have been sold outside any program.
    terms: partner.offers.find((terms) => terms.dealTypes.includes(item.type)) ?? defaultTerms,
    partnerName: partner.name,
    partnerDomains: partner.domains,
    dealId: deps.newId(),
    dealNumber: numbers.deal,
    opportunityId: deps.newId(),
    opportunityNumber: numbers.opportunity,
    protectionId: deps.newId(),
    candidates: known.holders,
  };
  return importDeal({ ...item, ownerName }, facts, command.now);
}

/** A repeat says the same of a deal as the import that recorded it, so that a run that was cut off can report it. */
const asBefore = (result: ImportResult, { conflict, ...deal }: KnownDeal): ImportedResult => ({
  result: result.outcome === 'REFUSED' ? result : { ...result, notes: conflict ? noteOf(conflict) : [] },
  number: deal.number,
  opportunityId: deal.opportunityId,
  protected: deal.protected,
  conflict,
});

/** What comes later in the batch has to see it. */
function remember(known: Known, externalId: string, deal: Deal): void {
  known.deals.set(externalId, {
    id: deal.id,
    number: deal.number,
    opportunityId: deal.opportunityId ?? '',
    protected: deal.protection?.state === 'ACTIVE',
    conflict: deal.conflict,
  });
  if (deal.protection?.state !== 'ACTIVE') return;
  known.holders.push({
    dealId: deal.id,
    dealNumber: deal.number,
    opportunityId: null,
    partnerId: deal.partnerId,
    partnerName: deal.partnerName,
    sameHierarchy: false,
    type: deal.type,
    state: deal.state,
    keys: deal.customerKeys,
    families: deal.protection.families,
    country: deal.protection.country,
    firstCompleteTime: deal.firstCompleteTime,
    protectionState: 'ACTIVE',
    protectionEnd: deal.protection.end,
    updateTime: deal.updateTime,
  });
}

const noteOf = ({ matches }: ConflictCheck): string[] =>
  matches.map(
    (match) =>
      `Without protection: ${match.dealNumber} of ${match.partnerName} was first. ${match.findings.map((finding) => finding.text).join(' ')}`,
  );
