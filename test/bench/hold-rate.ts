import { setTimeout as wait } from "node:timers/promises";

export interface Held {
  /** Milliseconds within which so many of a hundred were answered, counted from when each was to be sent. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly count: number;
}

/** Does something at a fixed rate whether or not what was begun before has ended, so that waiting counts. */
export async function holdRate(perSecond: number, seconds: number, ask: (turn: number) => Promise<void>): Promise<Held> {
  const began = performance.now();
  const took: number[] = [];
  const asked: Promise<void>[] = [];
  for (let turn = 0; turn < perSecond * seconds; turn += 1) {
    const at = began + (turn * 1000) / perSecond;
    const early = at - performance.now();
    if (early > 0) await wait(early);
    asked.push(ask(turn).then(() => void took.push(performance.now() - at)));
  }
  await Promise.all(asked);
  took.sort((a, b) => a - b);
  const within = (share: number): number => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  return { p50: within(0.5), p95: within(0.95), p99: within(0.99), count: took.length };
}
