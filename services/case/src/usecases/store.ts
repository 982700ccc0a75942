import { saveDecision, type Actor, type Tx } from '@openprm/postgres';
import { toCaseRow, toCommentRow } from '../db/case-rows';
import type { CaseView } from '../db/cases';
import type { Case, CaseDecision } from '../domain/case';
import type { Configuration } from '../domain/configuration';
import { nextDeadline } from '../domain/deadlines';
import type { Deps } from '../deps';
import { caseEvent } from '../events/to-contract';

export interface Because {
  actor: Actor;
  now: Date;
  configuration: Configuration;
}

/** Names that stand beside the case in its events and answers. */
export type Names = Omit<CaseView, 'case'>;

/** Stores what was decided: the case guarded by its version, what was said, audit and events. */
export function storeCase(tx: Tx, deps: Deps, before: Case | null, decision: CaseDecision, names: Names, because: Because): CaseView {
  const { case: after, comment, remark } = decision;
  const view: CaseView = { ...names, case: after };
  const row = toCaseRow(after, nextDeadline(after, because.configuration)?.at ?? null);
  saveDecision(tx, {
    changes: [
      { table: 'cases', row, expectedVersion: before?.version ?? null },
      ...(comment ? [{ table: 'case_comments', row: toCommentRow(comment), expectedVersion: null }] : []),
    ],
    audit: [
      {
        aggregate: 'case',
        aggregateId: after.id,
        version: after.version,
        at: because.now,
        fromState: before?.state ?? '',
        toState: after.state,
        actor: because.actor,
        before,
        after,
        ...remark,
      },
    ],
    outbox: decision.events.map((event) => caseEvent(view, event, because.now, deps.newId)),
  });
  return view;
}
