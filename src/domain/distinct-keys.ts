/** A set of 64-bit keys that only grows, at some 16 to 32 bytes a key: a busy window holds a million records. */
export class DistinctKeys {
  #slots = new BigInt64Array(64);
  #size = 0;
  #hasZero = false;

  get size(): number {
    return this.#size + (this.#hasZero ? 1 : 0);
  }

  /** Whether it is new. */
  add(key: bigint): boolean {
    // An empty slot holds zero.
    if (key === 0n) {
      const isNew = !this.#hasZero;
      this.#hasZero = true;
      return isNew;
    }
    if (!insert(this.#slots, key)) return false;
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return true;
  }

  #grow(): void {
    const larger = new BigInt64Array(this.#slots.length * 2);
    for (const key of this.#slots) if (key !== 0n) insert(larger, key);
    this.#slots = larger;
  }
}

/** Whether the key is new. The keys are hashes already: their low bits say where to look, and the next slots are looked at in turn. */
function insert(slots: BigInt64Array, key: bigint): boolean {
  const mask = slots.length - 1;
  for (let at = Number(BigInt.asUintN(32, key)) & mask; ; at = (at + 1) & mask) {
    const held = slots[at];
    if (held === key) return false;
    if (held === 0n) {
      slots[at] = key;
      return true;
    }
  }
}
