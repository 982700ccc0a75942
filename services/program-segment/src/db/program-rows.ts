import type { Money } from '@openprm/money';
import type { Program, ProgramState } from '../domain/program';
import type { Terms, TierAmount } from '../domain/terms';

export interface ProgramRow {
  id: string;
  version: number;
  program_id: string;
  number: number;
  state: ProgramState;
  terms: StoredTerms;
  migrates_enrolments: boolean;
  created_at: Date;
  updated_at: Date;
  published_at: Date | null;
  retired_at: Date | null;
}

/** Terms as JSON holds them: amounts as decimal strings of minor units. */
type Stored<T> = T extends Money ? { minor: string; currency: string } : T extends object ? { [K in keyof T]: Stored<T[K]> } : T;
export type StoredTerms = Stored<Terms>;

export const PROGRAM_COLUMNS =
  'id, version, program_id, number, state, terms, migrates_enrolments, created_at, updated_at, published_at, retired_at';

export const toProgramRow = (program: Program) => ({
  id: program.id,
  version: program.version,
  program_id: program.programId,
  number: program.number,
  state: program.state,
  name: program.terms.name,
  kind: program.terms.kind,
  open_for_application: program.terms.openForApplication,
  terms: program.terms,
  migrates_enrolments: program.migratesEnrolments,
  created_at: program.createdAt,
  updated_at: program.updatedAt,
  published_at: program.publishedAt,
  retired_at: program.retiredAt,
});

export const fromProgramRow = (row: ProgramRow): Program => ({
  id: row.id,
  version: row.version,
  programId: row.program_id,
  number: row.number,
  state: row.state,
  terms: fromStored(row.terms),
  migratesEnrolments: row.migrates_enrolments,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  publishedAt: row.published_at,
  retiredAt: row.retired_at,
});

/** A program row that came inside JSON, where times are texts. */
export const fromProgramJson = (json: ProgramRow): Program =>
  fromProgramRow({ ...json, ...timesOf(json, ['created_at', 'updated_at', 'published_at', 'retired_at']) });

export function timesOf<T, K extends keyof T>(json: T, names: K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, json[name] === null ? null : new Date(json[name] as string)])) as Pick<T, K>;
}

function fromStored(stored: StoredTerms): Terms {
  const { settings } = stored;
  const limit = settings.quoteApprovalLimit as { minor: string; currency: string } | null;
  return {
    ...(stored as unknown as Terms),
    settings: {
      ...(settings as unknown as Terms['settings']),
      autoApproveLimits: settings.autoApproveLimits.map(toTierAmount),
      orderLimits: settings.orderLimits.map(toTierAmount),
      quoteApprovalLimit: limit && toMoney(limit),
    },
  };
}

const toTierAmount = (stored: Stored<TierAmount>): TierAmount => ({
  tier: stored.tier as string,
  amount: toMoney(stored.amount as { minor: string; currency: string }),
});

const toMoney = ({ minor, currency }: { minor: string; currency: string }): Money => ({ minor: BigInt(minor), currency });
