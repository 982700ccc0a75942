import type { History } from '@openprm/contracts/type';
import type { AuditEntry } from '@openprm/postgres';

/** The audit as a timeline. Partners do not learn names of the enterprise's people, nor internal notes. */
export const toHistory = (entries: Omit<AuditEntry, 'aggregate' | 'aggregateId'>[], forEnterprise: boolean): History => ({
  entries: entries.map((entry) => ({
    time: entry.at,
    move: entry.move,
    fromState: entry.fromState,
    toState: entry.toState,
    side: entry.actor.side,
    role: entry.actor.role,
    actorName: forEnterprise || entry.actor.side === 'PARTNER' ? entry.actor.name : '',
    reason: forEnterprise ? (entry.reason ?? '') : '',
    comment: entry.comment ?? '',
    internalNote: forEnterprise ? (entry.internalNote ?? '') : '',
    version: BigInt(entry.version),
  })),
});
