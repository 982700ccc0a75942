import { words } from '@openprm/contracts';
import { OpportunityStage, type DealRegistrationServiceServer } from '@openprm/contracts/dealregistration';
import { masked, type Handlers } from '@openprm/grpc';
import {
  toAmount,
  toCloseReason,
  toCustomer,
  toDay,
  toOpportunityContent,
  toRelated,
  toSellingModel,
  toStage,
} from '../contract/from-message';
import { listOpportunities, loadOpportunity, type OpportunityView } from '../db/opportunities';
import type { Deps } from '../deps';
import { createOpportunity } from '../usecases/create-opportunity';
import {
  changeStage,
  editOpportunity,
  loseOpportunity,
  reopenOpportunity,
  setOpportunityPartners,
  winOpportunity,
} from '../usecases/move-opportunity';
import { tellHistory, tellOpportunity } from './views';

type OpportunityHandlers = Pick<
  Handlers<DealRegistrationServiceServer>,
  | 'createOpportunity'
  | 'listOpportunities'
  | 'getOpportunity'
  | 'updateOpportunity'
  | 'changeOpportunityStage'
  | 'winOpportunity'
  | 'loseOpportunity'
  | 'reopenOpportunity'
  | 'setOpportunityPartners'
  | 'getOpportunityHistory'
>;

export function opportunityHandlers(deps: Deps): OpportunityHandlers {
  const told = async (view: Promise<OpportunityView>) => tellOpportunity(await view, deps.clock());
  return {
    createOpportunity: ({ opportunity }, { caller, command }) => {
      const message = opportunity!;
      const input = {
        ...toOpportunityContent(message),
        partnerId: message.partnerId || null,
        type: message.type,
        sellingModel: toSellingModel(message.sellingModel),
        customer: toCustomer(message.customer),
        related: toRelated(message.relatedPartners),
      };
      return told(createOpportunity(deps, command, caller, input));
    },
    listOpportunities: async ({ stages, ...filter }, { caller }) => {
      const page = await listOpportunities(deps.database, caller, { ...filter, stages: words(OpportunityStage, stages) });
      return { opportunities: page.items.map((view) => tellOpportunity(view, deps.clock())), nextPageToken: page.nextPageToken };
    },
    getOpportunity: ({ id }, { caller }) => told(loadOpportunity(deps.database, caller, id)),
    updateOpportunity: ({ opportunity, updateMask, etag }, { caller, command }) =>
      told(editOpportunity(deps, command, caller, { id: opportunity!.id, etag }, masked(toOpportunityContent(opportunity!), updateMask))),
    changeOpportunityStage: (request, { caller, command }) => told(changeStage(deps, command, caller, request, toStage(request.stage))),
    winOpportunity: (request, { caller, command }) =>
      told(winOpportunity(deps, command, caller, request, { ...toClosing(request), amount: toAmount(request.amount, 'amount') })),
    loseOpportunity: (request, { caller, command }) => told(loseOpportunity(deps, command, caller, request, toClosing(request))),
    reopenOpportunity: (request, { caller, command }) => told(reopenOpportunity(deps, command, caller, request, request.reason)),
    setOpportunityPartners: (request, { caller, command }) =>
      told(setOpportunityPartners(deps, command, caller, request, toRelated(request.relatedPartners))),
    getOpportunityHistory: async ({ id }, { caller }) => tellHistory(deps, id, await loadOpportunity(deps.database, caller, id)),
  };
}

const toClosing = ({ reason, text, closeDate }: { reason: Parameters<typeof toCloseReason>[0]; text: string; closeDate: string }) => ({
  reason: toCloseReason(reason)!,
  text,
  closeDate: toDay(closeDate, 'close_date'),
});
