import { createHash } from 'node:crypto';

/** Remembers keys in eight bytes each, however long they are; two of a million are mistaken for one less than once in ten million runs. */
export class Seen {
  private slots = new BigUint64Array(4_096);
  private count = 0;

  /** True the first time. */
  add(key: string): boolean {
    if (this.count * 2 >= this.slots.length) this.grow();
    const hash = createHash('sha1').update(key).digest().readBigUInt64BE() || 1n;
    const added = this.put(hash);
    if (added) this.count += 1;
    return added;
  }

  private put(hash: bigint): boolean {
    const mask = BigInt(this.slots.length - 1);
    for (let slot = Number(hash & mask); ; slot = (slot + 1) & (this.slots.length - 1)) {
      if (this.slots[slot] === hash) return false;
      if (this.slots[slot] !== 0n) continue;
      this.slots[slot] = hash;
      return true;
    }
  }

  private grow(): void {
    const before = this.slots;
    this.slots = new BigUint64Array(before.length * 2);
    for (const hash of before) if (hash !== 0n) this.put(hash);
  }
}
