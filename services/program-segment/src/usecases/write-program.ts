import { transact, type Command } from '@openprm/postgres';
import { loadCatalogue } from '../db/catalogue';
import { lockProgram } from '../db/programs';
import type { Deps } from '../deps';
import {
  copyProgram,
  createProgram as create,
  editProgram,
  etagOf,
  publishProgram as publish,
  retireProgram as retire,
  type Program,
} from '../domain/program';
import type { Terms } from '../domain/terms';
import { because, checkEtag, storeProgram } from './store';

/** Writes the first version of a program as a draft. */
export function createProgram(deps: Deps, command: Command, terms: Terms): Promise<Program> {
  return transact(deps, command, async (tx) => {
    const { catalogue, defaults } = await loadCatalogue(tx);
    const decision = create({ id: deps.newId(), programId: deps.newId() }, terms, catalogue, defaults, command.now);
    return storeProgram(tx, deps, null, decision, because(command, 'create'));
  });
}

export interface ProgramChange {
  terms: Partial<Omit<Terms, 'settings'>>;
  settings: Partial<Terms['settings']>;
}

/** Changes the draft; settings not named keep their value. */
export function updateProgram(deps: Deps, command: Command, programId: string, etag: string, change: ProgramChange): Promise<Program> {
  return transact(deps, command, async (tx) => {
    const { newest } = await lockProgram(tx, programId);
    checkEtag(etagOf(newest), etag);
    const { catalogue } = await loadCatalogue(tx);
    const terms = { ...change.terms, settings: { ...newest.terms.settings, ...change.settings } };
    return storeProgram(tx, deps, newest, editProgram(newest, terms, catalogue, command.now), because(command, 'edit'));
  });
}

/** Copies the newest version into a draft. */
export function createProgramVersion(deps: Deps, command: Command, programId: string): Promise<Program> {
  return transact(deps, command, async (tx) => {
    const { newest } = await lockProgram(tx, programId);
    return storeProgram(tx, deps, null, copyProgram(deps.newId(), newest, command.now), because(command, 'newVersion'));
  });
}

export interface PublishInput {
  programId: string;
  etag: string;
  migrateEnrolments: boolean;
  note: string;
}

/** Puts the draft in force. Members follow afterwards, in batches; see migrate-enrolments. */
export function publishProgram(deps: Deps, command: Command, input: PublishInput): Promise<Program> {
  return transact(deps, command, async (tx) => {
    const { newest, published } = await lockProgram(tx, input.programId);
    checkEtag(etagOf(newest), input.etag);
    const [inForce, superseded] = publish(newest, published, input.migrateEnrolments, command.now);
    // The old version goes first: at no moment may two be in force.
    if (superseded) storeProgram(tx, deps, published, superseded, because(command, 'supersede', { reason: 'SUPERSEDED' }));
    return storeProgram(tx, deps, newest, inForce!, because(command, 'publish', { internalNote: input.note }));
  });
}

export interface RetireInput {
  programId: string;
  etag: string;
  reason: string;
  note: string;
}

/** Takes the program out of the offer: the version in force and a draft, if there is one. */
export function retireProgram(deps: Deps, command: Command, input: RetireInput): Promise<Program> {
  return transact(deps, command, async (tx) => {
    const { newest, published } = await lockProgram(tx, input.programId);
    const subject = published ?? newest;
    checkEtag(etagOf(subject), input.etag);
    const why = because(command, 'retire', { reason: input.reason, internalNote: input.note });
    if (published && newest.state === 'DRAFT') storeProgram(tx, deps, newest, retire(newest, input.reason, command.now), why);
    return storeProgram(tx, deps, subject, retire(subject, input.reason, command.now), why);
  });
}
