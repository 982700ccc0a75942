import { failedPrecondition, invalid } from '@openprm/errors';
import { minorPerUnit, money } from '@openprm/money';
import { nextState, possibleMoves, type Moves } from '@openprm/moves';
import { requireConsistent, requireCurrency, type Catalogue } from './check-terms';
import type { EntitlementRow } from './entitlements';
import { fillSettings } from './settings';
import { lowestTier, type Terms, type TierAmount } from './terms';

export type ProgramState = 'DRAFT' | 'PUBLISHED' | 'RETIRED';
export type ProgramMove = 'edit' | 'publish' | 'retire' | 'supersede';

/** One version of a program. A published one never changes; enrolments point to it by program and number. */
export interface Program {
  /** Id of this version. */
  id: string;
  version: number;
  programId: string;
  number: number;
  state: ProgramState;
  terms: Terms;
  /** True when members of earlier versions follow this one. */
  migratesEnrolments: boolean;
  createdAt: Date;
  updatedAt: Date;
  publishedAt: Date | null;
  retiredAt: Date | null;
}

/** `supersede` is made by the system on the version before when a new one is published. */
export const programMoves: Moves<ProgramState, ProgramMove> = {
  edit: { from: ['DRAFT'], to: 'DRAFT' },
  publish: { from: ['DRAFT'], to: 'PUBLISHED' },
  retire: { from: ['DRAFT', 'PUBLISHED'], to: 'RETIRED' },
  supersede: { from: ['PUBLISHED'], to: 'RETIRED' },
};

export const programMovesFor = (state: ProgramState): string[] => [
  ...possibleMoves(programMoves, state).filter((move) => move !== 'supersede'),
  ...(state === 'DRAFT' ? [] : ['newVersion']),
];

/** Versions of a program are records of their own: the tag names which one was read, and how new it was. */
export const etagOf = (program: Program): string => `${program.number}.${program.version}`;

export type ProgramEvent =
  | { type: 'ProgramCreated' | 'ProgramUpdated' }
  | { type: 'ProgramPublished'; migrateEnrolments: boolean }
  | { type: 'ProgramRetired'; reason: string };

export interface ProgramDecision {
  program: Program;
  event: ProgramEvent;
}

/** What a program gets where its author left it out; rows of the database, so that an enterprise has its own. */
export interface Defaults {
  entitlements: EntitlementRow[];
  /** In whole units of the program's currency. */
  orderLimits: { tier: string; units: bigint }[];
  tiers: string[];
}

const DEFAULT_CURRENCY = 'USD';

export interface ProgramIds {
  id: string;
  programId: string;
}

export function createProgram(ids: ProgramIds, given: Terms, catalogue: Catalogue, defaults: Defaults, now: Date): ProgramDecision {
  requireCurrency(given.baseCurrency);
  const terms = withDefaults(given, catalogue, defaults);
  requireConsistent(terms, catalogue);
  return { program: draftOf(ids, 1, terms, now), event: { type: 'ProgramCreated' } };
}

const draftOf = (ids: ProgramIds, number: number, terms: Terms, now: Date): Program => ({
  ...ids,
  version: 1,
  number,
  state: 'DRAFT',
  terms,
  migratesEnrolments: false,
  createdAt: now,
  updatedAt: now,
  publishedAt: null,
  retiredAt: null,
});

function withDefaults(given: Terms, catalogue: Catalogue, defaults: Defaults): Terms {
  const codes = defaults.tiers.map((code, at) => ({ code, label: '', rank: at + 1 }));
  const terms = complete({ ...given, tiers: given.tiers.length > 0 ? given.tiers : codes }, catalogue);
  const isTier = (code: string): boolean => terms.tiers.some((tier) => tier.code === code);
  const rows = defaults.entitlements.filter((row) => row.source === 'PROGRAM' || (row.source === 'TIER' && isTier(row.code)));
  const limits = defaults.orderLimits.filter((limit) => isTier(limit.tier)).map((limit) => toAmount(limit, terms.baseCurrency));
  const { settings } = terms;
  return {
    ...terms,
    entitlements: given.entitlements.length > 0 ? given.entitlements : rows,
    settings: { ...settings, orderLimits: settings.orderLimits.length > 0 ? settings.orderLimits : limits },
  };
}

const toAmount = ({ tier, units }: Defaults['orderLimits'][number], currency: string): TierAmount => ({
  tier,
  amount: money(units * minorPerUnit(currency), currency),
});

/** Fills what follows from the rest: labels of tiers, the tier of new members, numbers not given. */
function complete(terms: Terms, catalogue: Catalogue): Terms {
  const labelOf = (code: string): string => catalogue.segments.find((segment) => segment.code === code)?.label ?? code;
  const tiers = terms.tiers.map((tier) => ({ ...tier, label: tier.label || labelOf(tier.code) }));
  return {
    ...terms,
    tiers,
    baseCurrency: terms.baseCurrency || DEFAULT_CURRENCY,
    defaultTier: terms.defaultTier || lowestTier(tiers),
    settings: fillSettings(terms.settings),
  };
}

/** Changes a draft. */
export function editProgram(program: Program, change: Partial<Terms>, catalogue: Catalogue, now: Date): ProgramDecision {
  if (program.state !== 'DRAFT') {
    throw failedPrecondition('VERSION_IMMUTABLE', `Version ${program.number} is ${program.state} and never changes: make a new version.`, {
      state: program.state,
      moves: programMovesFor(program.state).join(','),
    });
  }
  requireCurrency(change.baseCurrency ?? '');
  const terms = complete({ ...program.terms, ...change }, catalogue);
  requireConsistent(terms, catalogue);
  return { program: changed(program, { terms }, now), event: { type: 'ProgramUpdated' } };
}

/** Copies the newest version into a draft with the next number. */
export function copyProgram(id: string, newest: Program, now: Date): ProgramDecision {
  if (newest.state === 'DRAFT')
    throw failedPrecondition('DRAFT_EXISTS', `Version ${newest.number} is still a draft: publish or retire it first.`, {
      moves: programMovesFor('DRAFT').join(','),
    });
  return { program: draftOf({ id, programId: newest.programId }, newest.number + 1, newest.terms, now), event: { type: 'ProgramCreated' } };
}

/** Puts a draft in force. The version in force before, if any, is retired by the second decision. */
export function publishProgram(draft: Program, before: Program | null, migrateEnrolments: boolean, now: Date): ProgramDecision[] {
  const state = nextState(programMoves, 'publish', draft.state);
  const published = changed(draft, { state, publishedAt: now, migratesEnrolments: migrateEnrolments }, now);
  const superseded = before ? [retired(before, 'supersede', 'SUPERSEDED', now)] : [];
  return [{ program: published, event: { type: 'ProgramPublished', migrateEnrolments } }, ...superseded];
}

export function retireProgram(program: Program, reason: string, now: Date): ProgramDecision {
  if (!reason) throw invalid('reason', 'give a reason code, e.g. REPLACED.', 'REQUIRED');
  return retired(program, 'retire', reason, now);
}

function retired(program: Program, move: ProgramMove, reason: string, now: Date): ProgramDecision {
  const state = nextState(programMoves, move, program.state);
  return { program: changed(program, { state, retiredAt: now }, now), event: { type: 'ProgramRetired', reason } };
}

const changed = (program: Program, fields: Partial<Program>, now: Date): Program => ({
  ...program,
  ...fields,
  version: program.version + 1,
  updatedAt: now,
});
