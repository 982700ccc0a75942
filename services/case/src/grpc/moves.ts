import { word } from '@openprm/contracts';
import { ClockKind, Priority, Side, type Case as CaseMessage, type CaseServiceServer } from '@openprm/contracts/supportcase';
import type { Call, Handlers } from '@openprm/grpc';
import type { Deps } from '../deps';
import {
  acceptCase,
  acceptHandOver,
  answerCase,
  cancelCase,
  closeCase,
  excuseBreach,
  handOverCase,
  prioritiseCase,
  reopenCase,
  requestInfo,
  resolveCase,
} from '../domain/work-case';
import { assignCase } from '../usecases/assign-case';
import { changeCase, type Change, type Target } from '../usecases/change-case';
import { viewFor } from './views';

type MoveHandlers = Pick<
  Handlers<CaseServiceServer>,
  | 'acceptCase'
  | 'assignCase'
  | 'requestCaseInfo'
  | 'answerCase'
  | 'resolveCase'
  | 'closeCase'
  | 'reopenCase'
  | 'cancelCase'
  | 'handOverCase'
  | 'acceptCaseHandOver'
  | 'prioritiseCase'
  | 'excuseCaseBreach'
>;

/** One handler per move: the request's words handed to the rule. */
export function moveHandlers(deps: Deps): MoveHandlers {
  const move =
    <Request extends Target>(toChange: (request: Request) => Change) =>
    async (request: Request, { caller, command }: Call): Promise<CaseMessage> =>
      viewFor(caller, await changeCase(deps, command, caller, request, toChange(request)));
  return {
    acceptCase: move(() => acceptCase),
    assignCase: move(({ personId, comment }) => assignCase(personId, comment)),
    requestCaseInfo: move(
      ({ question }) =>
        (before, party, around) =>
          requestInfo(before, party, question, around),
    ),
    answerCase: move(
      ({ answer }) =>
        (before, party, around) =>
          answerCase(before, party, answer, around),
    ),
    resolveCase: move(
      ({ resolutionCode, resolutionText }) =>
        (before, party, around) =>
          resolveCase(before, party, resolutionCode, resolutionText, around),
    ),
    closeCase: move(
      ({ satisfaction, comment }) =>
        (before, party, around) =>
          closeCase(before, party, satisfaction, comment, around),
    ),
    reopenCase: move(
      ({ comment }) =>
        (before, party, around) =>
          reopenCase(before, party, comment, around),
    ),
    cancelCase: move(
      ({ comment }) =>
        (before, party, around) =>
          cancelCase(before, party, comment, around),
    ),
    handOverCase: move(
      ({ toSide, reason, comment }) =>
        (before, party, around) =>
          handOverCase(before, party, { toSide: word(Side, toSide) ?? null, reason, text: comment }, around),
    ),
    acceptCaseHandOver: move(() => acceptHandOver),
    prioritiseCase: move(
      ({ priority, comment }) =>
        (before, party, around) =>
          prioritiseCase(before, party, word(Priority, priority)!, comment, around),
    ),
    excuseCaseBreach: move(
      ({ clock, reason }) =>
        (before, party, around) =>
          excuseBreach(before, party, word(ClockKind, clock)!, reason, around),
    ),
  };
}
