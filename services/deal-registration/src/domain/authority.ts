import { failedPrecondition, permissionDenied, type PrmError } from '@openprm/errors';
import type { Money } from '@openprm/money';
import type { Deal } from './deal';
import { movesFrom, type DealMove } from './deal-moves';
import type { Opportunity } from './opportunity';
import { opportunityMovesFrom, type OpportunityMove } from './opportunity-moves';
import { isWithin } from './routing';
import type { Terms } from './terms';

/** What the caller is in relation to one record. Several can be true. */
export interface Standing {
  personId: string | null;
  associate: boolean;
  manager: boolean;
  /** Partner admin: reads commercial records, changes none. */
  partnerAdmin: boolean;
  /** In charge of the record's partner. */
  relationshipManager: boolean;
  desk: boolean;
  approver: boolean;
  enterpriseAdmin: boolean;
  executive: boolean;
}

export const isEnterpriseSide = (who: Standing): boolean =>
  who.relationshipManager || who.desk || who.approver || who.enterpriseAdmin || who.executive;

/** True for staff of the partner, who read what the partner may read even where they also work elsewhere. */
export const actsForPartner = (who: Standing): boolean => !isEnterpriseSide(who);

export interface AuthorityFacts {
  terms: Pick<Terms, 'partnerMayConvert'>;
  relationshipManagerLimits: readonly Money[];
}

type Facts = AuthorityFacts & { deal: Deal };
type Rule = (who: Standing, facts: Facts) => boolean;

const onBehalf: Rule = (who) => who.enterpriseAdmin || who.desk || who.relationshipManager;
const reviewer: Rule = (who) => who.enterpriseAdmin || who.desk || who.relationshipManager;
const judge: Rule = (who, facts) => reviewer(who, facts) || who.approver;
const partnerStaff: Rule = (who) => who.associate || who.manager;
const owner: Rule = (who, { deal }) => who.manager || (who.associate && deal.ownerPersonId === who.personId);
const notSubmitter: Rule = (who, { deal }) => deal.submittedBy === null || deal.submittedBy !== who.personId;
const withinLimit: Rule = (_who, { deal: { amount }, relationshipManagerLimits }) => isWithin(amount, relationshipManagerLimits);

const rules: Record<Exclude<DealMove, 'autoApprove' | 'lapse' | 'expire'>, Rule> = {
  edit: (who, facts) => owner(who, facts) || onBehalf(who, facts),
  delete: (who, facts) => owner(who, facts) || onBehalf(who, facts),
  submit: (who, facts) => partnerStaff(who, facts) || onBehalf(who, facts),
  answer: (who, facts) => partnerStaff(who, facts) || onBehalf(who, facts),
  resubmit: (who, facts) => partnerStaff(who, facts) || onBehalf(who, facts),
  take: reviewer,
  requestInfo: judge,
  decideConflict: (who, facts) => judge(who, facts) && notSubmitter(who, facts),
  approve: (who, facts) =>
    (who.approver || who.desk || who.enterpriseAdmin || (who.relationshipManager && withinLimit(who, facts))) && notSubmitter(who, facts),
  reject: (who, facts) => judge(who, facts) && notSubmitter(who, facts),
  withdraw: (who, facts) =>
    facts.deal.state === 'APPROVED'
      ? who.manager || who.desk || who.enterpriseAdmin
      : owner(who, facts) || (facts.deal.submittedBy === who.personId && onBehalf(who, facts)),
  convert: (who, facts) => reviewer(who, facts) || (who.manager && facts.terms.partnerMayConvert),
  requestRevocation: (who) => who.enterpriseAdmin,
  revoke: (who, { deal }) => who.enterpriseAdmin && deal.revocationRequestedBy !== null && deal.revocationRequestedBy !== who.personId,
};

export const mayMove = (who: Standing, move: DealMove, facts: Facts): boolean => rules[move as keyof typeof rules]?.(who, facts) ?? false;

/** Moves that state, table and standing allow this caller. */
export const possibleMoves = (who: Standing, facts: Facts): DealMove[] =>
  movesFrom(facts.deal.state).filter((move) => mayMove(who, move, facts));

/** Why the caller cannot make a move, told as exactly as they may know. Only for moves that the state allows. */
export function refusal(who: Standing, move: DealMove, facts: Facts): PrmError {
  const judging = move === 'approve' || move === 'reject' || move === 'decideConflict';
  if (judging && !notSubmitter(who, facts))
    return failedPrecondition('OWN_SUBMISSION', 'You submitted this deal: another person has to decide.');
  if (move === 'approve' && who.relationshipManager && !withinLimit(who, facts))
    return permissionDenied('The amount is above the limit of a relationship manager: the deal desk approves it.', 'OVER_APPROVAL_LIMIT');
  if (move === 'convert' && who.manager)
    return permissionDenied('Your program leaves conversion to the enterprise.', 'CONVERSION_NOT_ALLOWED');
  if (move === 'revoke' && who.enterpriseAdmin)
    return failedPrecondition('SECOND_PERSON_NEEDED', 'One admin asks with RequestDealRevocation, another revokes.');
  return permissionDenied('Your role does not allow this for this deal.');
}

/** The side that leads moves an opportunity; the enterprise's admins always can. */
const leads = (who: Standing, { leadMode, partnerId }: Opportunity): boolean => {
  if (who.enterpriseAdmin) return true;
  const enterprise = who.desk || who.relationshipManager;
  if (leadMode === 'PARTNER_LED') return who.manager || who.associate || (partnerId === null && enterprise);
  return leadMode === 'PARENT_LED' ? enterprise : enterprise || who.manager || who.associate;
};

export function mayMoveOpportunity(who: Standing, move: OpportunityMove, opportunity: Opportunity): boolean {
  if (move === 'reopen') return who.enterpriseAdmin || who.relationshipManager;
  if (move === 'setPartners') return who.enterpriseAdmin || who.desk || who.relationshipManager || (who.manager && leads(who, opportunity));
  // The enterprise can take notice of an outcome also where the partner leads; the desk records it.
  return leads(who, opportunity) || who.desk || who.relationshipManager;
}

export const possibleOpportunityMoves = (who: Standing, opportunity: Opportunity): OpportunityMove[] =>
  opportunityMovesFrom(opportunity.stage).filter((move) => mayMoveOpportunity(who, move, opportunity));
