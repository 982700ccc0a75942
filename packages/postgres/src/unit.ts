import type { Tx } from './database';
import type { Decision } from './decision';

/** What one transaction has decided so far. */
export interface Unit {
  decisions: Decision[];
}

const units = new WeakMap<object, Unit>();

export function openUnit(tx: Tx): Unit {
  const unit: Unit = { decisions: [] };
  units.set(tx, unit);
  return unit;
}

export function unitOf(tx: Tx): Unit {
  const unit = units.get(tx);
  if (!unit) throw new Error('saveDecision works inside transact() only.');
  return unit;
}
