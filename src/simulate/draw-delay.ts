import type { Dice } from "./dice.ts";
import { MINUTE } from "./london-time.ts";

/** Points of a distribution of delays: this share is done by then; what lies beyond the last share is never done. */
export type Delays = readonly (readonly [share: number, ms: number])[];

/** A delay drawn from the distribution, even on a log scale between its points; undefined: never. */
export function drawDelay(dice: Dice, delays: Delays, faster = 1): number | undefined {
  const share = dice.real();
  const after = delays.findIndex(([until]) => share < until);
  if (after < 0) return undefined;
  const [from, least] = delays[after - 1] ?? [0, (delays[0]?.[1] ?? MINUTE) / 2];
  const [until, most] = delays[after] ?? [1, least];
  const part = (share - from) / (until - from);
  return Math.round((Math.exp(Math.log(least) + part * (Math.log(most) - Math.log(least))) * faster) / 1_000) * 1_000;
}
