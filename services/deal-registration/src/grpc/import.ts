import { word } from '@openprm/contracts';
import { DealState, type DealRegistrationServiceServer, type ImportDealItem as ItemMessage } from '@openprm/contracts/dealregistration';
import { invalid } from '@openprm/errors';
import { toImportResult, type Handlers } from '@openprm/grpc';
import { toAmount, toCloseReason, toContent, toDay, toStage } from '../contract/from-message';
import { toConflictMessage } from '../contract/parts';
import type { Deps } from '../deps';
import type { ImportedDeal } from '../domain/import-deal';
import { importDeals } from '../usecases/import-deals';

export const importHandlers = (deps: Deps): Pick<Handlers<DealRegistrationServiceServer>, 'importDeals'> => ({
  importDeals: async ({ items, validateOnly }, { command }) => {
    const batch = items.map((item) => ({ externalId: item.externalId, read: () => toImportedDeal(item) }));
    const results = await importDeals(deps, command, batch, validateOnly);
    return {
      results: results.map(({ result, number, opportunityId, protected: isProtected, conflict }) => ({
        result: toImportResult(result),
        number,
        opportunityId,
        protected: isProtected,
        conflict: toConflictMessage(conflict),
      })),
    };
  },
});

function toImportedDeal(item: ItemMessage): ImportedDeal {
  const deal = item.deal!;
  const targetState = word(DealState, item.targetState);
  if (targetState !== 'DRAFT' && targetState !== 'CONVERTED')
    throw invalid('target_state', 'is neither DRAFT nor CONVERTED.', 'UNSUPPORTED_STATE');
  if (!deal.partnerId) throw invalid('deal.partner_id', 'is needed.', 'INCOMPLETE');
  const { relatedPartners, ...content } = toContent(deal);
  const { opportunity } = item;
  return {
    ...content,
    externalId: item.externalId,
    partnerId: deal.partnerId,
    ownerName: '',
    related: relatedPartners,
    targetState,
    createTime: item.createTime ?? null,
    approveTime: item.approveTime ?? null,
    opportunity: opportunity
      ? {
          stage: toStage(opportunity.stage),
          closeDate: toDay(opportunity.closeDate, 'opportunity.close_date'),
          amount: toAmount(opportunity.amount, 'opportunity.amount'),
          closeReason: toCloseReason(opportunity.closeReason),
          closeText: opportunity.closeText,
        }
      : null,
  };
}
