import { illegalMove } from '@openprm/errors';
import type { Stage } from './opportunity';

const open = ['PROSPECT', 'QUALIFY', 'DEVELOP', 'PROPOSE', 'NEGOTIATE'] as const satisfies Stage[];
const closed = ['CLOSED_WON', 'CLOSED_LOST'] as const satisfies Stage[];

/** The lifecycle of an opportunity. `changeStage` goes to any other open stage, `reopen` back to where it was closed. */
export const opportunityMoves = {
  edit: { from: open },
  changeStage: { from: open },
  win: { from: open },
  lose: { from: open },
  setPartners: { from: [...open, ...closed] },
  reopen: { from: closed },
} as const satisfies Record<string, { from: readonly Stage[] }>;

export type OpportunityMove = keyof typeof opportunityMoves;
export const opportunityMoveNames = Object.keys(opportunityMoves) as OpportunityMove[];

export const opportunityMovesFrom = (stage: Stage): OpportunityMove[] =>
  opportunityMoveNames.filter((move) => (opportunityMoves[move].from as readonly Stage[]).includes(stage));

export function requireOpportunityMove(stage: Stage, move: OpportunityMove): void {
  if (!(opportunityMoves[move].from as readonly Stage[]).includes(stage)) throw illegalMove(move, stage, opportunityMovesFrom(stage));
}
