import type { History } from '@openprm/contracts/type';
import type { loadAudit } from '@openprm/postgres';

type Entries = Awaited<ReturnType<typeof loadAudit>>;

/**
 * The audit as a timeline. Partners do not learn names of the enterprise's people, nor internal notes; on a quote of several partners
 * nor the names of each other's staff.
 */
export const toHistory = (entries: Entries, viewer: { enterprise: boolean; partnerNames: boolean }): History => ({
  entries: entries.map((entry) => ({
    time: entry.at,
    move: entry.move,
    fromState: entry.fromState,
    toState: entry.toState,
    side: entry.actor.side,
    role: entry.actor.role,
    actorName: viewer.enterprise || (entry.actor.side === 'PARTNER' && viewer.partnerNames) ? entry.actor.name : '',
    reason: entry.reason ?? '',
    comment: entry.comment ?? '',
    internalNote: viewer.enterprise ? (entry.internalNote ?? '') : '',
    version: BigInt(entry.version),
  })),
});
