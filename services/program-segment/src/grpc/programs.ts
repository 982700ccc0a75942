import { hasRole, isEnterprise, type Caller } from '@openprm/access';
import {
  ProgramState,
  SegmentKind,
  type Program as ProgramMessage,
  type ProgramSegmentServiceServer,
} from '@openprm/contracts/programsegment';
import { toHistory, type Handlers } from '@openprm/grpc';
import { fromProgram, maskedTerms, toProgram, toSegment } from '../contract/programs';
import { settingsForPartners } from '../contract/settings';
import { word, words } from '@openprm/contracts';
import { insertProgramKind, listProgramKinds, listSegments } from '../db/catalogue';
import { loadProgramAudit } from '../db/history';
import { listPrograms, listProgramVersions, loadProgram } from '../db/programs';
import type { Deps } from '../deps';
import { programMovesFor, type Program } from '../domain/program';
import { createProgram, createProgramVersion, publishProgram, retireProgram, updateProgram } from '../usecases/write-program';
import { createSegment, updateSegment } from '../usecases/write-segment';
import { readPrograms } from './scopes';

type ProgramHandlers = Pick<
  Handlers<ProgramSegmentServiceServer>,
  | 'createProgram'
  | 'listPrograms'
  | 'getProgram'
  | 'listProgramVersions'
  | 'updateProgram'
  | 'createProgramVersion'
  | 'publishProgram'
  | 'retireProgram'
  | 'getProgramHistory'
  | 'listProgramKinds'
  | 'createProgramKind'
  | 'createSegment'
  | 'listSegments'
  | 'updateSegment'
>;

export function programHandlers(deps: Deps): ProgramHandlers {
  return {
    createProgram: async ({ program }, { caller, command }) => toView(caller, await createProgram(deps, command, fromProgram(program!))),
    listPrograms: async (request, { caller }) => {
      const page = await listPrograms(deps.database, readPrograms(caller), { ...request, states: words(ProgramState, request.states) });
      return { programs: page.items.map((program) => toView(caller, program)), nextPageToken: page.nextPageToken };
    },
    getProgram: async ({ id, version }, { caller }) => toView(caller, await loadProgram(deps.database, readPrograms(caller), id, version)),
    listProgramVersions: async ({ id }, { caller }) => ({
      versions: (await listProgramVersions(deps.database, id)).map((program) => toView(caller, program)),
    }),
    updateProgram: async ({ program, updateMask, etag }, { caller, command }) =>
      toView(caller, await updateProgram(deps, command, program!.id, etag, maskedTerms(program!, updateMask))),
    createProgramVersion: async ({ id }, { caller, command }) => toView(caller, await createProgramVersion(deps, command, id)),
    publishProgram: async ({ id, ...request }, { caller, command }) =>
      toView(caller, await publishProgram(deps, command, { ...request, programId: id })),
    retireProgram: async ({ id, ...request }, { caller, command }) =>
      toView(caller, await retireProgram(deps, command, { ...request, programId: id })),
    getProgramHistory: async ({ id }) => toHistory(await loadProgramAudit(deps.database, id), true),
    listProgramKinds: async () => ({ programKinds: await listProgramKinds(deps.database) }),
    createProgramKind: async ({ programKind }) => {
      await insertProgramKind(deps.database, programKind!);
      return programKind!;
    },
    createSegment: async ({ segment }, { command }) => {
      const { code, label, description, kind } = segment!;
      return toSegment(await createSegment(deps, command, { code, label, description, kind: word(SegmentKind, kind)! }));
    },
    listSegments: async (request) => {
      const page = await listSegments(deps.database, { ...request, kinds: words(SegmentKind, request.kinds) });
      return { segments: page.items.map(toSegment), nextPageToken: page.nextPageToken };
    },
    updateSegment: async ({ segment, updateMask, etag }, { command }) => {
      const { id, label, description } = segment!;
      const named = (name: string): boolean => !updateMask?.length || updateMask.includes(name);
      const change = { ...(named('label') && { label }), ...(named('description') && { description }) };
      return toSegment(await updateSegment(deps, command, id, etag, change));
    },
  };
}

/** Partners do not read how the enterprise decides; the moves are those of an admin. */
function toView(caller: Caller, program: Program): ProgramMessage {
  const message = toProgram(program);
  const settings = isEnterprise(caller) ? message.settings : settingsForPartners(message.settings!);
  return { ...message, settings, moves: hasRole(caller, 'ENTERPRISE_ADMIN') ? programMovesFor(program.state) : [] };
}
