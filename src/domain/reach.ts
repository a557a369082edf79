import type { Signal } from "./signal.ts";

/**
 * How far back a changed event may reach: a sequence that it ends began so much earlier, and is known by its first step. In
 * milliseconds; 0 where no signal is a sequence of several steps.
 */
export function reachMs(signals: Iterable<Signal>): number {
  return Math.max(0, ...[...signals].map(({ sequence }) => (sequence ? lengthMs(sequence) : 0)));
}

/** From its first step to its last, at most. */
function lengthMs({ steps, withinMs }: NonNullable<Signal["sequence"]>): number {
  const [, ...later] = steps;
  if (later.length === 0) return 0;
  return Math.min(
    withinMs ?? Infinity,
    later.reduce((sum, step) => sum + (step.withinMs ?? Infinity), 0),
  );
}
