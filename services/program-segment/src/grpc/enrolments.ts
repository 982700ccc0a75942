import { hasRole, isEnterprise, rolesOf, type Caller, type Scope } from '@openprm/access';
import { EnrolmentState, type Enrolment as EnrolmentMessage, type ProgramSegmentServiceServer } from '@openprm/contracts/programsegment';
import { permissionDenied } from '@openprm/errors';
import { toHistory, type Call, type Handlers } from '@openprm/grpc';
import { enrolmentForPartners, partnershipForPartners, toEnrolment, toPartnership } from '../contract/enrolments';
import { toImportResult } from '../contract/import-result';
import { words } from '@openprm/contracts';
import { readDesk } from '../db/desks';
import { listEnrolments, loadEnrolment, type EnrolmentView } from '../db/enrolments';
import { loadEnrolmentAudit } from '../db/history';
import type { Deps } from '../deps';
import { enrolmentMovesFor } from '../domain/enrolment';
import { partnershipOf } from '../domain/partnership';
import { applyForProgram, invitePartner } from '../usecases/enrol-partner';
import { importEnrolments } from '../usecases/import-enrolments';
import * as moves from '../usecases/move-enrolment';
import { administer, answerFor, answerOrAdminister, decideFor, readEnrolments, readPrograms } from './scopes';

type EnrolmentHandlers = Pick<
  Handlers<ProgramSegmentServiceServer>,
  | 'invitePartner'
  | 'applyForProgram'
  | 'listEnrolments'
  | 'getEnrolment'
  | 'acceptEnrolment'
  | 'declineEnrolment'
  | 'approveEnrolment'
  | 'rejectEnrolment'
  | 'suspendEnrolment'
  | 'reinstateEnrolment'
  | 'terminateEnrolment'
  | 'renewEnrolment'
  | 'acceptEnrolmentTerms'
  | 'changeEnrolmentTier'
  | 'assignEnrolmentSegments'
  | 'setEnrolmentOverrides'
  | 'getEnrolmentHistory'
  | 'importEnrolments'
  | 'getPartnership'
>;

interface MoveRequest {
  id: string;
  etag: string;
}

export function enrolmentHandlers(deps: Deps): EnrolmentHandlers {
  /** A move: where the caller may make it, and the use case that does. */
  const move =
    <Request extends MoveRequest>(
      scope: (caller: Caller) => Scope,
      act: (call: Call, target: moves.Target, request: Request) => Promise<EnrolmentView>,
    ) =>
    async (request: Request, call: Call): Promise<EnrolmentMessage> =>
      toView(call.caller, await act(call, { ...request, scope: scope(call.caller) }, request));
  return {
    invitePartner: async (request, { caller, command }) => {
      requireWaiver(caller, request.waiveCriteria);
      return toView(caller, await invitePartner(deps, command, decideFor(caller), request));
    },
    applyForProgram: async (request, { caller, command }) => {
      const input = { ...request, text: request.applicationText, termsVersion: request.acceptedTermsVersion };
      return toView(caller, await applyForProgram(deps, command, answerFor(caller), readPrograms(caller), input));
    },
    listEnrolments: async (request, { caller }) => {
      const page = await listEnrolments(deps.database, readEnrolments(caller), {
        ...request,
        states: words(EnrolmentState, request.states),
      });
      return { enrolments: page.items.map((view) => toView(caller, view)), nextPageToken: page.nextPageToken };
    },
    getEnrolment: async ({ id }, { caller }) => toView(caller, await loadEnrolment(deps.database, readEnrolments(caller), id)),
    acceptEnrolment: move(answerFor, ({ command }, target, request) =>
      moves.acceptEnrolment(deps, command, target, request.acceptedTermsVersion),
    ),
    declineEnrolment: move(answerFor, ({ command }, target) => moves.declineEnrolment(deps, command, target)),
    approveEnrolment: move(decideFor, ({ caller, command }, target, request) => {
      requireWaiver(caller, request.waiveCriteria);
      return moves.approveEnrolment(deps, command, target, request);
    }),
    rejectEnrolment: move(decideFor, ({ command }, target) => moves.rejectEnrolment(deps, command, target)),
    suspendEnrolment: move(decideFor, ({ command }, target) => moves.suspend(deps, command, target)),
    reinstateEnrolment: move(administer, ({ command }, target) => moves.reinstate(deps, command, target)),
    terminateEnrolment: move(answerOrAdminister, ({ command }, target) => moves.terminate(deps, command, target)),
    renewEnrolment: move(answerOrAdminister, ({ command }, target, request) =>
      moves.renew(deps, command, target, request.acceptedTermsVersion),
    ),
    acceptEnrolmentTerms: move(answerFor, ({ command }, target, request) =>
      moves.acceptTerms(deps, command, target, request.acceptedTermsVersion),
    ),
    changeEnrolmentTier: move(decideFor, ({ command }, target, request) => moves.changeEnrolmentTier(deps, command, target, request.tier)),
    assignEnrolmentSegments: move(decideFor, ({ command }, target, request) =>
      moves.assignEnrolmentSegments(deps, command, target, request.segments),
    ),
    setEnrolmentOverrides: move(administer, ({ command }, target, request) =>
      moves.setEnrolmentOverrides(deps, command, target, request.overrides),
    ),
    getEnrolmentHistory: async ({ id }, { caller }) =>
      toHistory(await loadEnrolmentAudit(deps.database, readEnrolments(caller), id), isEnterprise(caller), { reasons: true }),
    importEnrolments: async ({ items, validateOnly }, { command }) => {
      const batch = items.map(({ termStartTime, ...item }) => ({ ...item, termStartsAt: termStartTime ?? null }));
      return { results: (await importEnrolments(deps, command, batch, validateOnly)).map(toImportResult) };
    },
    getPartnership: async ({ partnerId }, { caller }) => {
      const desk = await readDesk(deps.database, readEnrolments(caller), partnerId);
      const message = toPartnership(partnershipOf(desk.partner, desk.memberships, desk.version, desk.updatedAt));
      return isEnterprise(caller) ? message : partnershipForPartners(message);
    },
  };
}

function requireWaiver(caller: Caller, waives: boolean): void {
  if (waives && !hasRole(caller, 'ENTERPRISE_ADMIN')) throw permissionDenied('Only an enterprise admin waives entry criteria.');
}

function toView(caller: Caller, view: EnrolmentView): EnrolmentMessage {
  const message = { ...toEnrolment(view), moves: enrolmentMovesFor(view.enrolment, rolesOf(caller), caller.personId) };
  return isEnterprise(caller) ? message : enrolmentForPartners(message);
}
