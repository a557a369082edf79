/** The only source of chance here: the same seed and path give the same throws, on every machine. */
export interface Dice {
  /** From 0 to less than 1. */
  real(): number;
  /** Bounds included. */
  int(least: number, most: number): number;
  between(least: number, most: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** A key of the table, as often as its weight says. */
  weigh<K extends string>(table: Readonly<Record<K, number>>): K;
}

/**
 * A stream of its own for each path (`seed, "bed", 3`): what one patient throws never moves another's, so that mess, a longer
 * period or one more bed leave everybody else as they were. sfc32, seeded by a hash of the path.
 */
export function rollDice(...path: readonly (string | number)[]): Dice {
  const next = streamOf(path.join("/"));
  const real = (): number => next() / 4_294_967_296;
  const int = (least: number, most: number): number => least + Math.floor(real() * (most - least + 1));
  return {
    real,
    int,
    between: (least, most) => least + real() * (most - least),
    chance: (share) => real() < share,
    pick: <T>(from: readonly T[]): T => {
      if (from.length === 0) throw new Error("nothing to pick from");
      return from[int(0, from.length - 1)] as T;
    },
    weigh: <K extends string>(table: Readonly<Record<K, number>>): K => {
      const rows = Object.entries(table) as [K, number][];
      let left = real() * rows.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of rows) if ((left -= weight) < 0) return key;
      throw new Error("a table without weight");
    },
  };
}

/** Whole numbers of 32 bits: cyrb128 over the text, then sfc32. */
function streamOf(text: string): () => number {
  let [a, b, c, d] = [1_779_033_703, 3_144_134_277, 1_013_904_242, 2_773_480_762];
  for (let place = 0; place < text.length; place += 1) {
    const letter = text.charCodeAt(place);
    [a, b, c, d] = [
      b ^ Math.imul(a ^ letter, 597_399_067),
      c ^ Math.imul(b ^ letter, 2_869_860_233),
      d ^ Math.imul(c ^ letter, 951_274_213),
      a ^ Math.imul(d ^ letter, 2_716_044_179),
    ];
  }
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let skipped = 0; skipped < 15; skipped += 1) next();
  return next;
}
