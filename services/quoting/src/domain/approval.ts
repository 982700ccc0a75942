import { compare, toDecimal, type Money } from '@openprm/money';
import { bpsToPercent } from './catalog';
import type { QuoteLine } from './line';
import { totalsOf } from './totals';

export type ApprovalGroup = 'RELATIONSHIP_MANAGER' | 'DEAL_DESK' | 'PRICING_BOARD';
export type ApprovalState = 'WAITING' | 'OPEN' | 'APPROVED' | 'REJECTED' | 'CANCELLED';
export type ApprovalReasonCode =
  | 'LINE_DISCOUNT'
  | 'TOTAL_DISCOUNT'
  | 'TOTAL_OVER_LIMIT'
  | 'MARGIN_UNDER_FLOOR'
  | 'PAYMENT_TERMS'
  | 'NON_STANDARD_TEXT'
  | 'PRODUCT_NEEDS_CHECK'
  | 'SEVERAL_PARTNERS';
export type Tier = 'BRONZE' | 'SILVER' | 'GOLD' | 'PLATINUM';

export interface ApprovalReason {
  code: ApprovalReasonCode;
  text: string;
  lineId: string | null;
  /** What the reason is about: the same thing in another round has the same subject. */
  subject: string;
  /** How bad it is, as whole number; more is worse. An approval covers whatever is not worse. */
  weight: string;
}

export interface ApprovalStep {
  id: string;
  position: number;
  group: ApprovalGroup;
  state: ApprovalState;
  reasons: ApprovalReason[];
  reused: boolean;
  decidedAt: Date | null;
  /** Principal and name of whoever decided. */
  decidedBy: string | null;
  decidedByName: string;
  comment: string;
}

/** Highest manual discount in basis points, by the tier of the partner and by who grants it. Above the desk only the pricing board. */
export const discountAuthority: Readonly<Record<Tier, { partner: number; RELATIONSHIP_MANAGER: number; DEAL_DESK: number }>> = {
  BRONZE: { partner: 0, RELATIONSHIP_MANAGER: 500, DEAL_DESK: 1500 },
  SILVER: { partner: 500, RELATIONSHIP_MANAGER: 1000, DEAL_DESK: 2000 },
  GOLD: { partner: 1000, RELATIONSHIP_MANAGER: 1500, DEAL_DESK: 2500 },
  PLATINUM: { partner: 1500, RELATIONSHIP_MANAGER: 2000, DEAL_DESK: 3000 },
};

export const GROUPS: readonly ApprovalGroup[] = ['RELATIONSHIP_MANAGER', 'DEAL_DESK', 'PRICING_BOARD'];
export const MARGIN_FLOOR_BPS = 800;
export const LONGEST_USUAL_TERMS_DAYS = 45;

export const toTier = (value: string | undefined): Tier => (value && value in discountAuthority ? (value as Tier) : 'BRONZE');

/** What discount rules need of a partner. `maxDiscountBps` is its entitlement, which may differ from its tier's table row. */
export interface DiscountRights {
  tier: Tier;
  maxDiscountBps: number | null;
}

export interface ApprovalFacts {
  ownerId: string;
  currency: string;
  lines: readonly QuoteLine[];
  paymentTermsDays: number;
  specialTerms: string;
  rightsOf: (partnerId: string) => DiscountRights;
  /** The program's limit for quotes without approval. */
  limit: Money | null;
}

/** The lowest group whose authority reaches the discount; null when the partner may give it alone. `exceeds(limit)` compares exactly. */
function groupFor(rights: DiscountRights, exceeds: (limitBps: number) => boolean): ApprovalGroup | null {
  const authority = discountAuthority[rights.tier];
  if (!exceeds(rights.maxDiscountBps ?? authority.partner)) return null;
  if (!exceeds(authority.RELATIONSHIP_MANAGER)) return 'RELATIONSHIP_MANAGER';
  return exceeds(authority.DEAL_DESK) ? 'PRICING_BOARD' : 'DEAL_DESK';
}

export interface Demand {
  group: ApprovalGroup;
  reason: ApprovalReason;
}

/** Every rule that fires, with the group it calls. Expects priced lines. */
export function approvalDemands(facts: ApprovalFacts): Demand[] {
  return [...lineDiscounts(facts), ...totalDiscount(facts), ...amountRules(facts), ...termRules(facts), ...lineRules(facts)];
}

function lineDiscounts(facts: ApprovalFacts): Demand[] {
  return facts.lines.flatMap((line) => {
    const rights = facts.rightsOf(line.linePartnerId);
    const group = groupFor(rights, (limit) => line.discountBps > limit);
    const text = `${bpsToPercent(line.discountBps)} discount on ${line.productName}, tier ${rights.tier}`;
    return group ? [demand(group, 'LINE_DISCOUNT', text, line.discountBps, `${line.linePartnerId} ${line.productId}`, line.id)] : [];
  });
}

/** Discounts weighted by entitled amounts: the exact share, without the noise of rounded lines. */
function totalDiscount(facts: ApprovalFacts): Demand[] {
  const entitled = facts.lines.reduce((sum, line) => sum + line.priced!.entitledAmount, 0n);
  const given = facts.lines.reduce((sum, line) => sum + line.priced!.entitledAmount * BigInt(line.discountBps), 0n);
  const rights = facts.rightsOf(facts.ownerId);
  const group = groupFor(rights, (limit) => given > entitled * BigInt(limit));
  if (!group) return [];
  const bps = Number((given + entitled - 1n) / entitled);
  return [demand(group, 'TOTAL_DISCOUNT', `${bpsToPercent(bps)} discount over all lines, tier ${rights.tier}`, bps)];
}

function amountRules(facts: ApprovalFacts): Demand[] {
  const totals = totalsOf(facts.lines, facts.currency)!;
  const demands: Demand[] = [];
  if (facts.limit && isOver(totals.net, facts.limit)) {
    const text = `${toDecimal(totals.net)} ${facts.currency}, the program's limit is ${toDecimal(facts.limit)} ${facts.limit.currency}`;
    demands.push(demand('DEAL_DESK', 'TOTAL_OVER_LIMIT', text, totals.net.minor));
  }
  if (totals.margin && totals.margin.minor * 10_000n < totals.net.minor * BigInt(MARGIN_FLOOR_BPS)) {
    demands.push(demand('PRICING_BOARD', 'MARGIN_UNDER_FLOOR', `margin under ${bpsToPercent(MARGIN_FLOOR_BPS)}`, -totals.marginBps));
  }
  return demands;
}

/** Amounts are not converted, so a limit in another currency cannot clear the quote: a person looks at it. */
const isOver = (net: Money, limit: Money): boolean => net.currency !== limit.currency || compare(net, limit) > 0;

function termRules(facts: ApprovalFacts): Demand[] {
  const demands: Demand[] = [];
  if (facts.paymentTermsDays > LONGEST_USUAL_TERMS_DAYS) {
    demands.push(
      demand(
        'DEAL_DESK',
        'PAYMENT_TERMS',
        `${facts.paymentTermsDays} days to pay, usual are at most ${LONGEST_USUAL_TERMS_DAYS}`,
        facts.paymentTermsDays,
      ),
    );
  }
  if (facts.specialTerms.trim() !== '')
    demands.push(demand('DEAL_DESK', 'NON_STANDARD_TEXT', 'the quote has text of its own', 0, facts.specialTerms.trim()));
  return demands;
}

function lineRules(facts: ApprovalFacts): Demand[] {
  const flagged = facts.lines.filter((line) => line.needsCheck);
  const demands = flagged.map((line) =>
    demand(
      'DEAL_DESK',
      'PRODUCT_NEEDS_CHECK',
      `${line.productName} needs a check`,
      line.quantity,
      `${line.linePartnerId} ${line.productId}`,
      line.id,
    ),
  );
  const partners = [...new Set(facts.lines.map((line) => line.linePartnerId))].sort();
  if (partners.length > 1)
    demands.push(demand('DEAL_DESK', 'SEVERAL_PARTNERS', `lines of ${partners.length} partners`, 0, partners.join(' ')));
  return demands;
}

const demand = (
  group: ApprovalGroup,
  code: ApprovalReasonCode,
  text: string,
  weight: number | bigint,
  subject = '',
  lineId: string | null = null,
): Demand => ({
  group,
  reason: { code, text, lineId, subject, weight: String(weight) },
});

/**
 * The chain of steps, lowest group first; one is open at a time. A step that was approved in an earlier round still counts when
 * each of its reasons was there and has not got worse, unless the approver is now the one who submits.
 */
export function approvalChain(
  demands: readonly Demand[],
  earlier: readonly ApprovalStep[],
  submittedBy: string | null,
  newId: () => string,
): ApprovalStep[] {
  const steps = GROUPS.flatMap((group) => {
    const reasons = demands.filter((each) => each.group === group).map((each) => each.reason);
    return reasons.length > 0 ? [chainStep(group, reasons, earlier, submittedBy, newId)] : [];
  });
  return openNext(steps.map((step, index) => ({ ...step, position: index + 1 })));
}

function chainStep(
  group: ApprovalGroup,
  reasons: ApprovalReason[],
  earlier: readonly ApprovalStep[],
  submittedBy: string | null,
  newId: () => string,
): ApprovalStep {
  const fresh: ApprovalStep = {
    id: newId(),
    position: 0,
    group,
    state: 'WAITING',
    reasons,
    reused: false,
    decidedAt: null,
    decidedBy: null,
    decidedByName: '',
    comment: '',
  };
  const granted = earlier.find(
    (step) =>
      step.group === group &&
      step.state === 'APPROVED' &&
      step.decidedBy !== submittedBy &&
      reasons.every((reason) => isGranted(reason, step)),
  );
  if (!granted) return fresh;
  const { decidedAt, decidedBy, decidedByName, comment, reasons: grantedReasons } = granted;
  // The reasons as granted stay with the step: what the next round may rest on is what somebody approved, not what got better since.
  return {
    ...fresh,
    state: 'APPROVED',
    reused: true,
    reasons: grantedReasons.filter((each) => reasons.some((reason) => isSame(reason, each))),
    decidedAt,
    decidedBy,
    decidedByName,
    comment,
  };
}

const isSame = (left: ApprovalReason, right: ApprovalReason): boolean => left.code === right.code && left.subject === right.subject;

const isGranted = (reason: ApprovalReason, step: ApprovalStep): boolean =>
  step.reasons.some((each) => isSame(reason, each) && BigInt(reason.weight) <= BigInt(each.weight));

/** Opens the first step that still waits. */
export function openNext(steps: readonly ApprovalStep[]): ApprovalStep[] {
  const next = steps.some((step) => step.state === 'OPEN') ? -1 : steps.findIndex((step) => step.state === 'WAITING');
  return steps.map((step, index) => (index === next ? { ...step, state: 'OPEN' } : step));
}

/** Steps that nobody will decide any more. Approved ones stay for the next round. */
export const cancelOpen = (steps: readonly ApprovalStep[]): ApprovalStep[] =>
  steps.map((step) => (step.state === 'OPEN' || step.state === 'WAITING' ? { ...step, state: 'CANCELLED' } : step));
