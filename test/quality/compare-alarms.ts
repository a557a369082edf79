import type { Comparison } from "./compare-loops.ts";

/** An alarm, by a name that means the same on both sides. */
export interface NamedAlarm {
  readonly signal: string;
  readonly name: string;
}

/** Every alarm that either side knows, once. One that only one side knows is wrong, unless it rests on what was lost, and nobody can know. */
export function compareAlarms(told: readonly NamedAlarm[], seen: readonly NamedAlarm[], isSpoilt: boolean): Comparison[] {
  const keyOf = ({ signal, name }: NamedAlarm): string => `${signal} ${name}`;
  const [isTold, isSeen] = [new Set(told.map(keyOf)), new Set(seen.map(keyOf))];
  const each = new Map([...told, ...seen].map((alarm) => [keyOf(alarm), alarm]));
  return [...each].map(([key, { signal, name }]): Comparison => {
    const isBoth = isTold.has(key) && isSeen.has(key);
    return {
      signal,
      subject: `alarm ${name}`,
      standing: isBoth ? "agree" : isSpoilt ? "unknown" : "wrong",
      truth: isTold.has(key) ? "occurred" : undefined,
      found: isSeen.has(key) ? "occurred" : undefined,
      why: "An alarm.",
      openedAt: undefined,
      isExact: isBoth,
    };
  });
}
