import { illegalMove } from '@openprm/errors';

/** The life of an aggregate as one table: which move leads from which states to which. */
export type Moves<State extends string, Move extends string> = Readonly<Record<Move, { from: readonly State[]; to: State }>>;

/** State after a move. Throws FAILED_PRECONDITION with the moves that are possible instead. */
export function nextState<State extends string, Move extends string>(moves: Moves<State, Move>, move: Move, state: State): State {
  if (!moves[move].from.includes(state)) throw illegalMove(move, state, possibleMoves(moves, state));
  return moves[move].to;
}

/** Moves that the table allows in a state, whoever asks. */
export function possibleMoves<State extends string, Move extends string>(moves: Moves<State, Move>, state: State): Move[] {
  return (Object.keys(moves) as Move[]).filter((move) => moves[move].from.includes(state));
}

/** Every state with every move and where it leads, as text; a test prints and keeps it. */
export function tableOf<State extends string, Move extends string>(moves: Moves<State, Move>): string {
  return (Object.keys(moves) as Move[]).map((move) => `${moves[move].from.join(' | ')} --${move}--> ${moves[move].to}`).join('\n');
}
