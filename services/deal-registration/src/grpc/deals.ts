import { word, words } from '@openprm/contracts';
import {
  ConflictDecision,
  DealState,
  LeadMode,
  RejectCode,
  Side,
  type DealRegistrationServiceServer,
} from '@openprm/contracts/dealregistration';
import { isEnterprise } from '@openprm/access';
import { masked, type Handlers } from '@openprm/grpc';
import { statesWaitingOn } from '../contract/deal-message';
import { toAmount, toContent, toCustomer, toDay, toEvidence, toLeadMode, toLines } from '../contract/from-message';
import { toConflictMessage } from '../contract/parts';
import { listDeals, loadDeal, type DealView } from '../db/deals';
import type { Deps } from '../deps';
import { checkDealConflict } from '../usecases/check-conflict';
import { convertDeal } from '../usecases/convert-deal';
import { createDeal } from '../usecases/create-deal';
import { deleteDeal, editDeal } from '../usecases/edit-deal';
import { resubmitDeal } from '../usecases/resubmit-deal';
import {
  answerDealInfo,
  approveDeal,
  decideDealConflict,
  rejectDeal,
  requestDealInfo,
  requestDealRevocation,
  revokeDeal,
  takeDeal,
  withdrawDeal,
} from '../usecases/review-deal';
import { submitDeal } from '../usecases/submit-deal';
import { tellDeal, tellHistory, tellListedDeal } from './views';

type DealHandlers = Pick<
  Handlers<DealRegistrationServiceServer>,
  | 'createDeal'
  | 'listDeals'
  | 'getDeal'
  | 'updateDeal'
  | 'deleteDeal'
  | 'submitDeal'
  | 'takeDeal'
  | 'requestDealInfo'
  | 'answerDealInfo'
  | 'decideDealConflict'
  | 'approveDeal'
  | 'rejectDeal'
  | 'withdrawDeal'
  | 'convertDeal'
  | 'requestDealRevocation'
  | 'revokeDeal'
  | 'resubmitDeal'
  | 'getDealHistory'
  | 'checkDealConflict'
>;

export function dealHandlers(deps: Deps): DealHandlers {
  const told = async (view: Promise<DealView>) => tellDeal(deps, await view, deps.clock());
  return {
    createDeal: ({ deal }, { caller, command }) =>
      told(
        createDeal(deps, command, caller, { partnerId: deal!.partnerId, programId: deal!.programId || null, content: toContent(deal!) }),
      ),
    listDeals: async ({ states, waitingOn, reviewGroup, ...filter }, { caller }) => {
      const page = await listDeals(deps.database, caller, {
        ...filter,
        // Where a claim went would tell a partner that it met another one.
        reviewGroup: isEnterprise(caller) ? reviewGroup : '',
        states: narrowed(words(DealState, states), word(Side, waitingOn)),
      });
      return { deals: page.items.map((view) => tellListedDeal(deps, view, deps.clock())), nextPageToken: page.nextPageToken };
    },
    getDeal: ({ id }, { caller }) => told(loadDeal(deps.database, caller, id)),
    updateDeal: ({ deal, updateMask, etag }, { caller, command }) =>
      told(editDeal(deps, command, caller, { id: deal!.id, etag }, masked(toContent(deal!), updateMask))),
    deleteDeal: (request, { caller, command }) => told(deleteDeal(deps, command, caller, request)),
    submitDeal: (request, { caller, command }) => told(submitDeal(deps, command, caller, request)),
    takeDeal: (request, { caller, command }) => told(takeDeal(deps, command, caller, request, request.reviewerPersonId || null)),
    requestDealInfo: (request, { caller, command }) => told(requestDealInfo(deps, command, caller, request, request)),
    answerDealInfo: (request, { caller, command }) => {
      const { text, customer, lines, amount, expectedCloseDate, evidence } = request;
      const key = {
        ...(customer && { customer: toCustomer(customer) }),
        ...(lines.length > 0 && { lines: toLines(lines, 'lines') }),
        ...(amount && { amount: toAmount(amount, 'amount') }),
        ...(expectedCloseDate && { expectedCloseDate: toDay(expectedCloseDate, 'expected_close_date') }),
      };
      return told(answerDealInfo(deps, command, caller, request, { ...key, text, evidence: toEvidence(evidence) }));
    },
    decideDealConflict: (request, { caller, command }) => {
      const input = {
        dealId: request.matchDealId || null,
        opportunityId: request.matchOpportunityId || null,
        decision: word(ConflictDecision, request.decision)!,
        reason: request.reason,
      };
      return told(decideDealConflict(deps, command, caller, request, input));
    },
    approveDeal: (request, { caller, command }) => told(approveDeal(deps, command, caller, request, request)),
    rejectDeal: (request, { caller, command }) =>
      told(rejectDeal(deps, command, caller, request, { ...request, code: word(RejectCode, request.code)! })),
    withdrawDeal: (request, { caller, command }) => told(withdrawDeal(deps, command, caller, request, request.reason)),
    convertDeal: (request, { caller, command }) =>
      told(convertDeal(deps, command, caller, request, toLeadMode(request.leadMode ?? LeadMode.UNSPECIFIED))),
    requestDealRevocation: (request, { caller, command }) => told(requestDealRevocation(deps, command, caller, request, request.reason)),
    revokeDeal: (request, { caller, command }) => told(revokeDeal(deps, command, caller, request, request.internalNote)),
    resubmitDeal: (request, { caller, command }) => told(resubmitDeal(deps, command, caller, request)),
    getDealHistory: async ({ id }, { caller }) => tellHistory(deps, id, await loadDeal(deps.database, caller, id)),
    checkDealConflict: async ({ partnerId, customer, productFamilies }, { caller, command }) => {
      const answer = await checkDealConflict(deps, command, caller, {
        partnerId,
        customer: toCustomer(customer),
        families: productFamilies,
      });
      return { ...answer, conflict: toConflictMessage(answer.conflict) };
    },
  };
}

/** Both filters at once: states named, and states in which it is that side's turn. */
function narrowed(
  states: ReturnType<typeof statesWaitingOn>,
  side: 'PARTNER' | 'ENTERPRISE' | 'NOBODY' | undefined,
): ReturnType<typeof statesWaitingOn> {
  if (!side) return states;
  const waiting = statesWaitingOn(side);
  const both = states.length > 0 ? waiting.filter((state) => states.includes(state)) : waiting;
  // No state fits both: a list of none would mean all of them.
  return both.length > 0 ? both : (['NONE'] as never);
}
