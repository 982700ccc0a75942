import { identityOf, type CustomerIdentity } from './customer-keys';
import { areCompatible } from './deal-types';
import type { DealState } from './deal';
import { countriesMeet, familyOverlap, type ProtectionState } from './protection';

export type Verdict = 'NONE' | 'NOTE' | 'REVIEW' | 'BLOCK';
export type MatchKind = 'FOREIGN_DEAL' | 'OWN_DUPLICATE' | 'SAME_HIERARCHY' | 'COMPATIBLE' | 'DIRECT_OPPORTUNITY' | 'COOL_DOWN';
export type MatchDecision = 'DIFFERENT_CUSTOMER' | 'PROCEED' | 'COMPATIBLE';

/** One rule that spoke; the sum of them explains a verdict. */
export interface Finding {
  rule: string;
  left: string;
  right: string;
  weight: number;
  text: string;
}

export interface Match {
  dealId: string | null;
  dealNumber: string;
  opportunityId: string | null;
  partnerId: string | null;
  partnerName: string;
  kind: MatchKind;
  verdict: Verdict;
  score: number;
  overlap: number;
  firstCompleteTime: Date | null;
  protectionEnd: Date | null;
  ahead: boolean;
  findings: Finding[];
  decision: MatchDecision | null;
  decisionReason: string;
  decidedBy: string | null;
  decidedByName: string;
  confirmedBy: string | null;
  confirmedByName: string;
}

export interface ConflictCheck {
  verdict: Verdict;
  matches: Match[];
  checkTime: Date;
}

/** Named in every check, so that an old verdict can be read by the rules of its day. */
export const ALGORITHM = 'exact-1';
export const BLOCK_FROM = 0.95;
export const REVIEW_FROM = 0.75;
export const NOTE_FROM = 0.55;

/** The claim being checked. */
export interface Claim {
  dealId: string | null;
  partnerId: string;
  type: string;
  keys: readonly string[];
  families: readonly string[];
  country: string;
  firstCompleteTime: Date;
}

/** Another record that shares a key with it. */
export interface Candidate {
  dealId: string | null;
  dealNumber: string;
  opportunityId: string | null;
  /** Null for a direct opportunity of the enterprise. */
  partnerId: string | null;
  partnerName: string;
  sameHierarchy: boolean;
  type: string;
  state: DealState | 'OPEN';
  keys: readonly string[];
  families: readonly string[];
  country: string;
  firstCompleteTime: Date | null;
  protectionState: ProtectionState | null;
  protectionEnd: Date | null;
  /** When it last changed; an ended record gives a note for a while, an open direct opportunity is forgotten when nobody touches it. */
  updateTime: Date;
}

const DAY = 24 * 60 * 60 * 1000;
const DIRECT_TOUCHED_DAYS = 90;
const order: Verdict[] = ['NONE', 'NOTE', 'REVIEW', 'BLOCK'];
export const worst = (verdicts: readonly Verdict[]): Verdict => order[Math.max(0, ...verdicts.map((each) => order.indexOf(each)))]!;

/** Verdict with explanation. Decisions that a reviewer took about a match are carried over from the check before. */
export function checkConflict(
  claim: Claim,
  candidates: readonly Candidate[],
  coolDownDays: number,
  now: Date,
  before: ConflictCheck | null = null,
): ConflictCheck {
  const matches = candidates
    .filter((each) => each.dealId === null || each.dealId !== claim.dealId)
    .map((each) => toMatch(claim, each, coolDownDays, now))
    .filter((match) => match.verdict !== 'NONE')
    .map((match) => withDecision(match, before))
    .sort((left, right) => order.indexOf(right.verdict) - order.indexOf(left.verdict) || right.score - left.score);
  return { verdict: worst(matches.map((match) => match.verdict)), matches, checkTime: now };
}

export const isSameRecord = (match: Pick<Match, 'dealId' | 'opportunityId'>, other: Pick<Match, 'dealId' | 'opportunityId'>): boolean =>
  match.dealId === other.dealId && match.opportunityId === other.opportunityId;

function withDecision(match: Match, before: ConflictCheck | null): Match {
  const old = before?.matches.find((each) => isSameRecord(each, match));
  // A match that became a block since was decided on other facts.
  if (!old?.decision || (match.verdict === 'BLOCK' && old.verdict !== 'BLOCK')) return match;
  const { decision, decisionReason, decidedBy, decidedByName, confirmedBy, confirmedByName } = old;
  return { ...match, decision, decisionReason, decidedBy, decidedByName, confirmedBy, confirmedByName };
}

/** True when nothing stands in the way of an approval: each match that needs a decision has one, a block by two people. */
export const undecided = (check: ConflictCheck): Match[] =>
  check.matches.filter((match) => (match.verdict === 'REVIEW' && !match.decision) || (match.verdict === 'BLOCK' && !match.confirmedBy));

/** Keys under which the claim stands once reviewers have said who is somebody else. */
export function keptKeys(dealId: string, keys: readonly string[], candidates: readonly Candidate[], check: ConflictCheck): string[] {
  const others = check.matches.filter(
    (match) => match.decision === 'DIFFERENT_CUSTOMER' && (match.verdict !== 'BLOCK' || match.confirmedBy),
  );
  const foreign = new Set(others.flatMap((match) => candidates.find((each) => isSameRecord(each, match))?.keys ?? []));
  const kept = keys.filter((key) => !foreign.has(key));
  return kept.length > 0 ? kept : [`deal:${dealId}`];
}

function toMatch(claim: Claim, other: Candidate, coolDownDays: number, now: Date): Match {
  const left = identityOf(claim.keys, claim.country);
  const identity = sameCustomer(left, identityOf(other.keys, other.country));
  const overlap = familyOverlap(claim.families, other.families);
  const ahead = other.firstCompleteTime !== null && other.firstCompleteTime < claim.firstCompleteTime;
  const { kind, verdict, findings } = judge(claim, other, { score: identity.score, overlap, ahead, coolDownDays, now });
  return {
    dealId: other.dealId,
    dealNumber: other.dealNumber,
    opportunityId: other.opportunityId,
    partnerId: other.partnerId,
    partnerName: other.partnerName,
    kind,
    verdict,
    score: identity.score,
    overlap,
    firstCompleteTime: other.firstCompleteTime,
    protectionEnd: other.protectionState === 'ACTIVE' ? other.protectionEnd : null,
    ahead,
    findings: [...identity.findings, families(claim, other, overlap), ...findings],
    decision: null,
    decisionReason: '',
    decidedBy: null,
    decidedByName: '',
    confirmedBy: null,
    confirmedByName: '',
  };
}

/** How sure it is that two identities are one customer. The first rule that applies counts; finer scores of names come later. */
export function sameCustomer(left: CustomerIdentity, right: CustomerIdentity): { score: number; findings: Finding[] } {
  const say = (rule: string, a: string, b: string, weight: number, text: string): { score: number; findings: Finding[] } => ({
    score: weight,
    findings: [{ rule, left: a, right: b, weight, text }],
  });
  if (left.customerId && left.customerId === right.customerId)
    return say('CUSTOMER_RECORD', left.customerId, right.customerId, 1, 'Both name the same recorded customer.');
  if (left.taxId && left.taxId === right.taxId) return say('TAX_ID', left.taxId, right.taxId, 1, 'The tax ids are equal.');
  const taxDiffers = left.taxId !== '' && right.taxId !== '';
  if (left.domain && left.domain === right.domain) {
    return taxDiffers
      ? say(
          'WEB_DOMAIN',
          left.domain,
          right.domain,
          0.85,
          `The web domains are equal but the tax ids differ (${left.taxId}, ${right.taxId}): a group company?`,
        )
      : say('WEB_DOMAIN', left.domain, right.domain, 0.95, 'The web domains are equal.');
  }
  if (left.name && left.name === right.name && left.country === right.country) {
    const value = `${left.name}|${left.country}`;
    return taxDiffers
      ? say('NAME_AND_COUNTRY', value, value, 0.6, `Names and countries are equal but the tax ids differ (${left.taxId}, ${right.taxId}).`)
      : say('NAME_AND_COUNTRY', value, value, 0.8, 'Names without legal form and countries are equal.');
  }
  return { score: 0, findings: [] };
}

const families = (claim: Claim, other: Candidate, overlap: number): Finding => ({
  rule: 'PRODUCT_FAMILY',
  left: claim.families.join(', '),
  right: other.families.join(', '),
  weight: overlap,
  text: overlap > 0 ? `${Math.round(overlap * 100)} % of the product families are the same.` : 'No product family in common.',
});

interface Facts {
  score: number;
  overlap: number;
  ahead: boolean;
  coolDownDays: number;
  now: Date;
}

type Judgement = Pick<Match, 'kind' | 'verdict' | 'findings'>;

const finding = (rule: string, left: string, right: string, weight: number, text: string): Finding => ({ rule, left, right, weight, text });
const day = (at: Date | null): string => at?.toISOString().slice(0, 10) ?? '';

function judge(claim: Claim, other: Candidate, facts: Facts): Judgement {
  const none: Judgement = { kind: 'FOREIGN_DEAL', verdict: 'NONE', findings: [] };
  if (facts.score < NOTE_FROM || facts.overlap === 0) return none;
  if (!countriesMeet(claim.country, other.country)) {
    return {
      kind: 'FOREIGN_DEAL',
      verdict: 'NOTE',
      findings: [finding('COUNTRY', claim.country, other.country, 0, 'Another country, so both can be protected.')],
    };
  }
  if (other.partnerId === null) return judgeDirect(other, facts) ?? none;
  const protectedUntil =
    other.protectionState === 'ACTIVE' && other.protectionEnd !== null && other.protectionEnd >= facts.now ? other.protectionEnd : null;
  if (!protectedUntil && !isWaiting(other.state)) return judgeEnded(other, facts) ?? none;
  const findings = [
    protectedUntil
      ? finding('PROTECTION', '', day(protectedUntil), 1, `Protected until ${day(protectedUntil)}.`)
      : finding(
          'PLACE_IN_LINE',
          claim.firstCompleteTime.toISOString(),
          other.firstCompleteTime?.toISOString() ?? '',
          facts.ahead ? 1 : 0,
          facts.ahead ? 'It was complete earlier.' : 'It was complete later.',
        ),
  ];
  return { ...judgeLive(claim, other, facts, protectedUntil !== null), findings };
}

const isWaiting = (state: Candidate['state']): boolean => ['SUBMITTED', 'IN_REVIEW', 'INFO_REQUESTED'].includes(state);

function judgeLive(claim: Claim, other: Candidate, { score, ahead }: Facts, isProtected: boolean): Pick<Match, 'kind' | 'verdict'> {
  const review: Verdict = score >= REVIEW_FROM ? 'REVIEW' : 'NOTE';
  if (other.partnerId === claim.partnerId) return { kind: 'OWN_DUPLICATE', verdict: review };
  if (areCompatible(claim.type, other.type)) return { kind: 'COMPATIBLE', verdict: 'NOTE' };
  const kind: MatchKind = other.sameHierarchy ? 'SAME_HIERARCHY' : 'FOREIGN_DEAL';
  if (isProtected) return { kind, verdict: score >= BLOCK_FROM ? 'BLOCK' : review };
  // Who stands behind in the line, or belongs to the same house, is worth a note and no more.
  return { kind, verdict: ahead && !other.sameHierarchy ? review : 'NOTE' };
}

function judgeDirect(other: Candidate, { score, now }: Facts): Judgement | null {
  if (other.state !== 'OPEN' || now.getTime() - other.updateTime.getTime() > DIRECT_TOUCHED_DAYS * DAY) return null;
  const findings = [
    finding('DIRECT_OPPORTUNITY', '', day(other.updateTime), 1, `The enterprise works on it itself, last on ${day(other.updateTime)}.`),
  ];
  return { kind: 'DIRECT_OPPORTUNITY', verdict: score >= REVIEW_FROM ? 'REVIEW' : 'NOTE', findings };
}

function judgeEnded(other: Candidate, { coolDownDays, now }: Facts): Judgement | null {
  const ended = other.protectionEnd !== null && other.protectionEnd < now ? other.protectionEnd : other.updateTime;
  if (other.protectionState === null || now.getTime() - ended.getTime() > coolDownDays * DAY) return null;
  return {
    kind: 'COOL_DOWN',
    verdict: 'NOTE',
    findings: [finding('COOL_DOWN', '', day(ended), 0, `Its protection ended on ${day(ended)}.`)],
  };
}
