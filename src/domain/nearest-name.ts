/** The name that `word` was probably meant to be; undefined where none is near enough to be worth suggesting. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  // One slip in three letters: more would suggest a name that has little to do with the word.
  let bestSlips = Math.max(1, Math.floor(word.length / 3)) + 1;
  let best: string | undefined;
  for (const name of names) {
    if (Math.abs(name.length - word.length) >= bestSlips) continue;
    const slips = countSlips(word.toLowerCase(), name.toLowerCase());
    if (slips < bestSlips) [best, bestSlips] = [name, slips];
  }
  return best;
}

/** ` Did you mean "…"?`, or nothing. */
export function didYouMean(word: string, names: readonly string[]): string {
  const name = nearestName(word, names);
  return name === undefined ? "" : ` Did you mean "${name}"?`;
}

/** Levenshtein distance; swapped neighbours count as one slip, the commonest of typing. */
function countSlips(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  const slipsAt = (row: readonly number[], j: number): number => row[j] ?? Infinity;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = slipsAt(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? slipsAt(beforeLast, j - 2) + 1 : Infinity;
      row.push(Math.min(changed, swapped, slipsAt(last, j) + 1, slipsAt(row, j - 1) + 1));
    }
    [beforeLast, last] = [last, row];
  }
  return slipsAt(last, b.length);
}
