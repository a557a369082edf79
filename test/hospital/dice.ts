import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** The only source of chance here: the same seeds give the same throws, on every machine. */
export interface Dice {
  /** Bounds included. */
  int(least: number, most: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** A key of the table, as often as its weight says; a weight of 0 is never drawn. */
  weigh<K extends string>(table: Readonly<Record<K, number>>): K;
  shuffle<T>(from: readonly T[]): T[];
}

export function rollDice(...seeds: readonly number[]): Dice {
  // Neighbouring seeds give xoroshiro streams that look alike at first: they are mixed before use.
  const mixed = seeds.reduce((sum, seed) => Math.imul(sum ^ (seed + 0x9e3779b9), 0x85ebca6b) ^ (sum >>> 13), 0x2545f491);
  const generator = xoroshiro128plus(mixed);
  for (let skipped = 0; skipped < 8; skipped++) generator.next();

  const int = (least: number, most: number): number => uniformInt(generator, least, most);
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new Error("nothing to pick from");
    return from[int(0, from.length - 1)] as T;
  };
  return {
    int,
    pick,
    chance: (share) => int(0, 9_999) < share * 10_000,
    weigh: <K extends string>(table: Readonly<Record<K, number>>): K => {
      const rows = Object.entries(table) as [K, number][];
      let left = int(
        1,
        rows.reduce((sum, [, weight]) => sum + weight, 0),
      );
      for (const [key, weight] of rows) if ((left -= weight) <= 0 && weight > 0) return key;
      throw new Error("a table without weight");
    },
    shuffle: <T>(from: readonly T[]): T[] => {
      const items = [...from];
      for (let last = items.length - 1; last > 0; last--) {
        const other = int(0, last);
        [items[last], items[other]] = [items[other] as T, items[last] as T];
      }
      return items;
    },
  };
}
