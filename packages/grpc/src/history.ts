import type { History } from '@openprm/contracts/type';
import type { AuditEntry } from '@openprm/postgres';

/** What a partner reads besides what happened: names of partners' people unless told otherwise, reason codes only where told. */
export interface PartnerReads {
  names?: boolean;
  reasons?: boolean;
}

/** The audit as a timeline. Partners never learn names of the enterprise's people, nor internal notes. */
export const toHistory = (
  entries: Omit<AuditEntry, 'aggregate' | 'aggregateId'>[],
  forEnterprise: boolean,
  { names = true, reasons = false }: PartnerReads = {},
): History => ({
  entries: entries.map((entry) => ({
    time: entry.at,
    move: entry.move,
    fromState: entry.fromState,
    toState: entry.toState,
    side: entry.actor.side,
    role: entry.actor.role,
    actorName: forEnterprise || (names && entry.actor.side === 'PARTNER') ? entry.actor.name : '',
    reason: forEnterprise || reasons ? (entry.reason ?? '') : '',
    comment: entry.comment ?? '',
    internalNote: forEnterprise ? (entry.internalNote ?? '') : '',
    version: BigInt(entry.version),
  })),
});
