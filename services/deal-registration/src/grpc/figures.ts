import { DealState, OpportunityStage, SellingModel, type DealRegistrationServiceServer } from '@openprm/contracts/dealregistration';
import type { Handlers } from '@openprm/grpc';
import { toGoogleMoney } from '@openprm/money';
import { loadDealViews } from '../db/deals';
import { loadOpportunityViews } from '../db/opportunities';
import { recentActivity, recentIds, summarizeDeals, summarizeOpportunities, sumPerCurrency } from '../db/summaries';
import { findOffers } from '../db/partnerships';
import type { Deps } from '../deps';
import { dealTypes } from '../domain/deal-types';
import { sellingModels } from '../domain/selling-models';
import { tellListedDeal, tellOpportunity } from './views';

type FigureHandlers = Pick<
  Handlers<DealRegistrationServiceServer>,
  'summarizeDeals' | 'summarizeOpportunities' | 'listDealTypes' | 'listSellingModels'
>;

/** Key figures, and the data that explain deal types and selling models. */
export function figureHandlers(deps: Deps): FigureHandlers {
  return {
    summarizeDeals: async (asked, { caller }) => {
      const now = deps.clock();
      const figures = await summarizeDeals(deps.database, caller, asked, now);
      const ids = await recentIds(deps.database, caller, asked, 'deals');
      return {
        ...figures,
        total: countOf(figures.states),
        states: figures.states.map(({ state, count, amounts }) => ({
          state: DealState[state],
          count,
          amounts: amounts.map(toGoogleMoney),
        })),
        amounts: sumPerCurrency(figures.states.flatMap((each) => each.amounts)).map(toGoogleMoney),
        hitRate: ratio(figures.granted, figures.decided),
        recent: (await loadDealViews(deps.database, caller, ids)).map((view) => tellListedDeal(deps, view, now)),
        recentActivity: await recentActivity(deps.database, 'deals', ids),
      };
    },
    summarizeOpportunities: async (asked, { caller }) => {
      const now = deps.clock();
      const { stages, months, forecast } = await summarizeOpportunities(deps.database, caller, asked);
      const ids = await recentIds(deps.database, caller, asked, 'opportunities');
      const [open, won, lost] = [
        stages.filter((each) => !each.state.startsWith('CLOSED_')),
        stages.filter((each) => each.state === 'CLOSED_WON'),
        stages.filter((each) => each.state === 'CLOSED_LOST'),
      ];
      return {
        total: countOf(stages),
        stages: stages.map(({ state, count, amounts }) => ({ stage: OpportunityStage[state], count, amounts: amounts.map(toGoogleMoney) })),
        open: countOf(open),
        openPipeline: sumPerCurrency(open.flatMap((each) => each.amounts)).map(toGoogleMoney),
        forecast: forecast.map(toGoogleMoney),
        won: countOf(won),
        wonRevenue: sumPerCurrency(won.flatMap((each) => each.amounts)).map(toGoogleMoney),
        wonMonths: months.map((each) => ({ ...each, amounts: each.amounts.map(toGoogleMoney) })),
        lost: countOf(lost),
        winRate: ratio(countOf(won), countOf(won) + countOf(lost)),
        recent: (await loadOpportunityViews(deps.database, caller, ids)).map((view) => tellOpportunity(view, now)),
        recentActivity: await recentActivity(deps.database, 'opportunities', ids),
      };
    },
    listDealTypes: async ({ partnerId }, { caller }) => {
      const offered = partnerId ? (await findOffers(deps.database, caller, partnerId)).flatMap((terms) => terms.dealTypes) : null;
      const types = offered ? dealTypes.filter((type) => offered.includes(type.code)) : dealTypes;
      return {
        dealTypes: types.map((type) => ({
          code: type.code,
          label: type.label,
          productsRequired: type.productsRequired,
          claimsProtection: type.claimsProtection,
          compatible: type.compatibleWith.length > 0,
          sellingModels: type.sellingModels.map((model) => SellingModel[model]),
          reviewGroup: type.reviewGroup,
          treatment: type.treatment,
          evidenceNeeded: [...type.evidenceNeeded],
        })),
      };
    },
    listSellingModels: async () => ({ sellingModels: sellingModels.map((row) => ({ ...row, model: SellingModel[row.model] })) }),
  };
}

const countOf = (figures: { count: number }[]): number => figures.reduce((total, each) => total + each.count, 0);
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
