import { MoneyError } from '@openprm/money';
import { invalid } from '@openprm/errors';
import {
  EntitlementSource,
  ProgramState,
  SegmentKind,
  type Program as ProgramMessage,
  type Segment as SegmentMessage,
} from '@openprm/contracts/programsegment';
import type { Level } from '../domain/entitlements';
import { etagOf, type Program } from '../domain/program';
import type { Segment } from '../domain/segment';
import type { Terms } from '../domain/terms';
import { fromSettings, NO_SETTINGS, toSettings } from './settings';
import type { ProgramChange } from '../usecases/write-program';
import { word } from '@openprm/contracts';

/** A program version in the enterprise's view, without moves. */
export function toProgram(program: Program): ProgramMessage {
  const { terms } = program;
  return {
    ...terms,
    id: program.programId,
    versionId: program.id,
    version: program.number,
    state: ProgramState[program.state],
    entitlements: terms.entitlements.map((row) => ({ ...row, source: EntitlementSource[row.source] })),
    criteria: terms.criteria.map((criterion) => ({ ...criterion, target: EntitlementSource[criterion.target] })),
    settings: toSettings(terms.settings),
    moves: [],
    etag: etagOf(program),
    createTime: program.createdAt,
    updateTime: program.updatedAt,
    publishTime: program.publishedAt ?? undefined,
    retireTime: program.retiredAt ?? undefined,
  };
}

export const toSegment = (segment: Segment): SegmentMessage => ({
  id: segment.id,
  code: segment.code,
  label: segment.label,
  kind: SegmentKind[segment.kind],
  description: segment.description,
  etag: String(segment.version),
  createTime: segment.createdAt,
  updateTime: segment.updatedAt,
});

/** Terms as sent; rules fill and check them. */
export function fromProgram(message: ProgramMessage): Terms {
  return {
    name: message.name,
    description: message.description,
    kind: message.kind,
    openForApplication: message.openForApplication,
    termsVersion: message.termsVersion,
    termsUrl: message.termsUrl,
    tiers: message.tiers,
    defaultTier: message.defaultTier,
    segments: message.segments,
    entitlements: message.entitlements.map((row) => ({ ...row, source: levelOf(row.source) })),
    dealTypes: message.dealTypes,
    defaultSellingModel: message.defaultSellingModel,
    baseCurrency: message.baseCurrency,
    criteria: message.criteria.map((criterion) => ({ ...criterion, target: levelOf(criterion.target) })),
    settings: readAmounts(() => fromSettings(message.settings ?? NO_SETTINGS)),
  };
}

const levelOf = (source: EntitlementSource): Level => word(EntitlementSource, source) as Level;

function readAmounts<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MoneyError) throw invalid('program.settings', error.message, error.reason);
    throw error;
  }
}

/**
 * Only what the mask names; without one all that the message carries. `settings.disclosure` changes one setting, `settings` all of them.
 */
export function maskedTerms(message: ProgramMessage, paths: string[] | undefined): ProgramChange {
  const { settings, ...terms } = fromProgram(message);
  if (!paths || paths.length === 0) return { terms, settings: message.settings ? settings : {} };
  const names = new Set(paths.map((path) => camel(path)));
  const only = <T extends object>(values: T, named: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => named(name))) as Partial<T>;
  return {
    terms: only(terms, (name) => names.has(name)),
    settings: only(settings, (name) => names.has('settings') || names.has(`settings.${name}`)),
  };
}

const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
