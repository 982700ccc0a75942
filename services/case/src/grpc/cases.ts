import { permissionDenied } from '@openprm/errors';
import type { Caller } from '@openprm/access';
import { word, words } from '@openprm/contracts';
import {
  CaseState,
  ClockKind,
  CommentStream,
  Priority,
  QueueOwner,
  type CaseActivity,
  type CaseServiceServer,
  type CaseSummary as SummaryMessage,
} from '@openprm/contracts/supportcase';
import { masked, toHistory, type Handlers } from '@openprm/grpc';
import { toContent, toRequest } from '../contract/from-message';
import { listCases, listComments, loadCase } from '../db/cases';
import { loadCaseHistory } from '../db/history';
import { summarizeCases, type Activity, type CaseSummary } from '../db/summary';
import type { Deps } from '../deps';
import { partyOf, readerOf } from '../domain/reader';
import { commentCase, updateCase } from '../domain/work-case';
import { changeCase } from '../usecases/change-case';
import { openCase } from '../usecases/open-case';
import { commentFor, viewFor } from './views';

type CaseHandlers = Pick<
  Handlers<CaseServiceServer>,
  'createCase' | 'listCases' | 'getCase' | 'updateCase' | 'getCaseHistory' | 'summarizeCases' | 'addCaseComment' | 'listCaseComments'
>;

export function caseHandlers(deps: Deps): CaseHandlers {
  return {
    createCase: async (request, { caller, command }) => viewFor(caller, await openCase(deps, command, caller, toRequest(request.case!))),
    listCases: async (request, { caller }) => {
      const filter = {
        ...request,
        states: words(CaseState, request.states),
        priorities: words(Priority, request.priorities),
        queueOwner: word(QueueOwner, request.queueOwner) ?? null,
      };
      const page = await listCases(deps.database, readerOf(caller), filter);
      return { cases: page.items.map((view) => viewFor(caller, view)), nextPageToken: page.nextPageToken };
    },
    getCase: async ({ id }, { caller }) => viewFor(caller, await loadCase(deps.database, readerOf(caller), id)),
    updateCase: async (request, { caller, command }) => {
      const content = masked(toContent(request.case!), request.updateMask);
      const target = { id: request.case!.id, etag: request.etag };
      return viewFor(
        caller,
        await changeCase(deps, command, caller, target, (before, _party, around) => updateCase(before, content, around)),
      );
    },
    getCaseHistory: async ({ id }, { caller }) =>
      toHistory(await loadCaseHistory(deps.database, readerOf(caller), id), readerOf(caller).side === 'PARENT'),
    summarizeCases: async (request, { caller }) => toSummary(caller, await summarizeCases(deps.database, readerOf(caller), request)),
    addCaseComment: async (request, { caller, command }) => {
      const stream = word(CommentStream, request.comment!.stream) ?? 'SHARED';
      if (stream === 'INTERNAL' && partyOf(caller).side === 'PARTNER')
        throw permissionDenied('Internal comments are for the enterprise: share yours.');
      const text = request.comment!.text;
      const { decision } = await changeCase(deps, command, caller, { id: request.caseId, etag: '' }, (before, party, around) =>
        commentCase(before, party, stream, text, around),
      );
      return commentFor(caller, decision.comment!);
    },
    listCaseComments: async (request, { caller }) => {
      const page = await listComments(deps.database, readerOf(caller), request);
      return { comments: page.items.map((comment) => commentFor(caller, comment)), nextPageToken: page.nextPageToken };
    },
  };
}

const toSummary = (caller: Caller, summary: CaseSummary): SummaryMessage => ({
  states: summary.states.map(({ state, count }) => ({ state: CaseState[state], count: BigInt(count) })),
  clocks: summary.clocks.map((clock) => ({
    kind: ClockKind[clock.kind],
    running: BigInt(clock.running),
    paused: BigInt(clock.paused),
    met: BigInt(clock.met),
    breached: BigInt(clock.breached),
    nextDueTime: clock.nextDueAt ? new Date(clock.nextDueAt) : undefined,
  })),
  recent: summary.recent.map((view) => viewFor(caller, view)),
  recentActivity: summary.activity.map((each) => toActivity(caller, each)),
  caseCount: BigInt(summary.caseCount),
  openCount: BigInt(summary.openCount),
  breachedOpenCount: BigInt(summary.breachedOpenCount),
  partnerQueueOpenCount: BigInt(summary.partnerQueueOpenCount),
});

/** Partners do not learn who of the enterprise acted. */
const toActivity = (caller: Caller, { caseId, number, subject, partnerId, at, entry }: Activity): CaseActivity => ({
  caseId,
  number,
  subject,
  partnerId,
  time: at,
  move: entry.move,
  toState: entry.toState,
  side: entry.actor.side,
  actorName: readerOf(caller).side === 'PARENT' || entry.actor.side === 'PARTNER' ? entry.actor.name : '',
});
