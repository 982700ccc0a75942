import { isEnterprise, type Caller } from '@openprm/access';
import { QuoteState, type Quote as QuoteMessage, type QuotingServiceServer } from '@openprm/contracts/quoting';
import { toHistory, toImportResult, type Call, type Handlers } from '@openprm/grpc';
import { toGoogleMoney } from '@openprm/money';
import { loadAudit } from '@openprm/postgres';
import { toApprovalGroup, toHeaderInput, toLineChange, toLineInput, toMoney, toStates } from '../contract/from-message';
import { toListedQuote } from '../contract/listed-quote';
import { toApprovalStep, toQuoteMessage } from '../contract/to-message';
import { listQuotes, type QuoteFilter } from '../db/list-quotes';
import { loadQuote, type LoadedQuote } from '../db/quotes';
import { summarizeQuotes } from '../db/summary';
import type { Deps } from '../deps';
import { linePartners, type Quote, type QuoteDecision } from '../domain/quote';
import * as life from '../domain/quote-life';
import { moveQuote, priceQuote, type Target } from '../usecases/change-quote';
import { answerLines, shareLine } from '../usecases/co-sell';
import { createQuote } from '../usecases/create-quote';
import { approveQuote, rejectQuote, type DecidedBy } from '../usecases/decide-quote';
import { editLine, editQuote } from '../usecases/edit-quote';
import { importQuotes } from '../usecases/import-quotes';
import { reviseQuote } from '../usecases/revise-quote';
import { by } from '../usecases/store';
import { previewApproval, submitQuote } from '../usecases/submit-quote';
import { movesFor } from './moves';
import { groupsFor, homeOf, reachOf, viewerOf } from './scopes';

type QuoteHandlers = Pick<
  Handlers<QuotingServiceServer>,
  | 'createQuote'
  | 'listQuotes'
  | 'getQuote'
  | 'updateQuote'
  | 'updateQuoteLine'
  | 'shareQuoteLine'
  | 'confirmQuoteLines'
  | 'refuseQuoteLines'
  | 'priceQuote'
  | 'submitQuote'
  | 'previewQuoteApproval'
  | 'approveQuote'
  | 'rejectQuote'
  | 'recallQuote'
  | 'presentQuote'
  | 'acceptQuote'
  | 'declineQuote'
  | 'reviseQuote'
  | 'cancelQuote'
  | 'getQuoteHistory'
  | 'importQuotes'
  | 'summarizeQuotes'
>;

type Texts = { comment?: string; reason?: string };

export function quoteHandlers(deps: Deps): QuoteHandlers {
  /** A move that needs nothing but the quote and what the request says. */
  const move =
    <R extends Target & Texts>(name: string, rule: (quote: Quote, request: R, now: Date) => QuoteDecision) =>
    async (request: R, { caller, command }: Call) => {
      const because = by(command, name, { comment: request.comment, reason: request.reason });
      return answer(
        caller,
        await moveQuote(deps, command, reachOf(caller), request, because, (quote) => rule(quote, request, command.now)),
      );
    };
  return {
    createQuote: async ({ quote }, { caller, command }) => {
      const { partnerId, dealId, opportunityId, customerId, currency } = quote!;
      const input = {
        partnerId,
        dealId,
        opportunityId,
        customerId,
        currency,
        header: toHeaderInput(quote!),
        lines: quote!.lines.map(toLineInput),
        homeId: homeOf(caller),
      };
      return answer(caller, await createQuote(deps, command, reachOf(caller), input));
    },
    listQuotes: async (request, { caller }) => {
      const filter: QuoteFilter = { ...request, states: toStates(request.states), awaiting: toApprovalGroup(request.awaitingApprovalBy) };
      const page = await listQuotes(deps.database, reachOf(caller), filter);
      return { quotes: page.items.map((each) => toListedQuote(each, isEnterprise(caller))), nextPageToken: page.nextPageToken };
    },
    getQuote: async ({ id }, { caller }) => answer(caller, await loadQuote(deps.database, reachOf(caller), id)),
    updateQuote: async ({ quote, updateMask, etag }, { caller, command }) => {
      const lines = updateMask?.length ? updateMask.includes('lines') : quote!.lines.length > 0;
      const inputs = lines ? quote!.lines.map(toLineInput) : null;
      return answer(
        caller,
        await editQuote(deps, command, reachOf(caller), { id: quote!.id, etag }, toHeaderInput(quote!, updateMask), inputs),
      );
    },
    updateQuoteLine: async ({ quoteId, line, updateMask, etag }, { caller, command }) =>
      answer(caller, await editLine(deps, command, reachOf(caller), { id: quoteId, etag }, toLineChange(line!, updateMask))),
    shareQuoteLine: async ({ id, etag, lineId, shared }, { caller, command }) =>
      answer(caller, await shareLine(deps, command, reachOf(caller), { id, etag }, lineId, shared)),
    confirmQuoteLines: async ({ id, etag, partnerId }, { caller, command }) =>
      answer(caller, await answerLines(deps, command, reachOf(caller), { id, etag }, partnerId, 'CONFIRMED', '')),
    refuseQuoteLines: async ({ id, etag, partnerId, comment }, { caller, command }) =>
      answer(caller, await answerLines(deps, command, reachOf(caller), { id, etag }, partnerId, 'REFUSED', comment)),
    priceQuote: async (request, { caller, command }) => answer(caller, await priceQuote(deps, command, reachOf(caller), request)),
    submitQuote: async (request, { caller, command }) => answer(caller, await submitQuote(deps, command, reachOf(caller), request)),
    previewQuoteApproval: async ({ id }, { caller }) => {
      const steps = await previewApproval(deps, caller.principal, reachOf(caller), id, (loaded) => viewerOf(caller, loaded));
      return { approvalSteps: steps.map(toApprovalStep) };
    },
    approveQuote: async (request, { caller, command }) =>
      answer(caller, await approveQuote(deps, command, reachOf(caller), request, decidedBy(caller), request.comment)),
    rejectQuote: async (request, { caller, command }) =>
      answer(caller, await rejectQuote(deps, command, reachOf(caller), request, decidedBy(caller), request)),
    recallQuote: move('recall', (quote, { comment }, now) => life.recallQuote(quote, comment ?? '', now)),
    presentQuote: move('present', (quote, _request, now) => life.presentQuote(quote, now)),
    acceptQuote: move('accept', (quote, { proof }: Target & Texts & { proof: string }, now) => life.acceptQuote(quote, proof, now)),
    declineQuote: move('decline', (quote, { reason, comment }, now) => life.declineQuote(quote, reason ?? '', comment ?? '', now)),
    reviseQuote: async (request, { caller, command }) => answer(caller, await reviseQuote(deps, command, reachOf(caller), request)),
    cancelQuote: move('cancel', (quote, { comment }, now) => life.cancelQuote(quote, comment ?? '', now)),
    getQuoteHistory: async ({ id }, { caller }) => {
      const { quote } = await loadQuote(deps.database, reachOf(caller), id);
      const alone = linePartners(quote).every((partnerId) => partnerId === quote.partnerId);
      return toHistory(await loadAudit(deps.database, id), isEnterprise(caller), { names: alone, reasons: true });
    },
    importQuotes: async ({ items, validateOnly }, { command }) => {
      const batch = items.map((item) => ({
        externalId: item.externalId,
        partnerId: item.partnerId,
        dealId: item.dealId || null,
        opportunityId: item.opportunityId || null,
        customerId: item.customerId || null,
        productId: item.productId,
        quantity: item.quantity || 1,
        agreed: () => toMoney(item.agreedValue!, 'agreed_value'),
        createdAt: item.createTime!,
        orderedAt: item.orderTime ?? item.createTime!,
      }));
      return { results: (await importQuotes(deps, command, batch, validateOnly)).map(toImportResult) };
    },
    summarizeQuotes: async ({ partnerId, includeDescendants }, { caller }) => {
      const reach = reachOf(caller);
      const recent: QuoteFilter = {
        states: [],
        partnerId,
        includeDescendants,
        dealId: '',
        opportunityId: '',
        customerId: '',
        awaiting: null,
        number: '',
        pageSize: 10,
        pageToken: '',
      };
      const [summary, page] = await Promise.all([
        summarizeQuotes(deps.database, reach, partnerId, includeDescendants),
        listQuotes(deps.database, reach, recent),
      ]);
      return {
        counts: summary.counts.map(({ state, count }) => ({ state: QuoteState[state], count })),
        sums: summary.sums.map((sum) => ({
          currency: sum.currency,
          openAmount: toGoogleMoney(sum.open),
          wonAmount: toGoogleMoney(sum.won),
          wonListAmount: toGoogleMoney(sum.wonList),
          averageDiscountBasisPoints: sum.averageDiscountBps,
          wonCount: sum.wonCount,
        })),
        recent: page.items.map((each) => toListedQuote(each, isEnterprise(caller))),
        recentActivity: summary.activity,
      };
    },
  };
}

const decidedBy = (caller: Caller): DecidedBy => ({ name: caller.name, groupsFor: (loaded) => groupsFor(caller, loaded) });

/** What a command or a read answers: the quote as this caller may see it. */
const answer = (caller: Caller, loaded: LoadedQuote): QuoteMessage =>
  toQuoteMessage({ quote: loaded.quote, names: loaded.names, viewer: viewerOf(caller, loaded), moves: movesFor(caller, loaded) });
