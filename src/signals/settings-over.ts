import { isDeepStrictEqual } from "node:util";
import type { WrittenLimit } from "./loop-schema.ts";
import type { WrittenSignal } from "./signal-schema.ts";
import type { WrittenSequence } from "./sequence-schema.ts";
import type { WrittenSeries } from "./series-schema.ts";
import type { SignalSetting } from "./site-settings.ts";

/** What a site may set of a signal, by its template, beside turning it on or off and its tier. */
export const settable = {
  loop: ["limits"],
  sequence: ["within", "times"],
  series: ["rules", "history", "needs", "fewest", "settles"],
} as const satisfies Readonly<Record<string, readonly (keyof SignalSetting)[]>>;

/** A loop or sequence as its file writes it, with what the site says over it. */
export function signalOver(written: WrittenSignal, setting: SignalSetting): WrittenSignal {
  const { loop, sequence } = written;
  if (loop) return setting.limits ? { ...written, loop: { ...loop, limits: limitsOver(loop.limits, setting.limits) } } : written;
  return sequence ? { ...written, sequence: sequenceOver(sequence, setting) } : written;
}

/** Rows before the signal's own, or a table instead of it. */
function limitsOver(own: readonly WrittenLimit[], setting: NonNullable<SignalSetting["limits"]>): WrittenLimit[] {
  return Array.isArray(setting) ? setting : [...setting.first, ...own];
}

/** Another window where it has one, or the same for each of its steps that have; and how often the step comes that repeats. */
function sequenceOver(own: WrittenSequence, { within, times }: SignalSetting): WrittenSequence {
  return {
    ...own,
    ...(within !== undefined && own.within !== undefined && { within }),
    steps: own.steps.map((step) => ({
      ...step,
      ...(within !== undefined && step.within !== undefined && { within }),
      ...(times !== undefined && step.times !== undefined && { times }),
    })),
  };
}

/** The windows of a sequence, each once, as they are written. */
export function windowsOf({ within, steps }: WrittenSequence): string[] {
  return [...new Set([within, ...steps.map((step) => step.within)].filter((each) => each !== undefined))];
}

export function seriesOver(
  own: WrittenSeries["series"],
  { rules, history, needs, fewest, settles }: SignalSetting,
): WrittenSeries["series"] {
  return {
    ...own,
    ...(rules && { rules }),
    ...(history !== undefined && { history }),
    ...(needs !== undefined && { needs }),
    ...(fewest !== undefined && { fewest }),
    ...(settles !== undefined && { settles }),
  };
}

/** What a site changed of a signal's own template, as people are told it. */
export function changesOver(before: object | undefined, after: object | undefined): string[] {
  const names: Readonly<Record<string, string>> = {
    limits: "its limits",
    within: "its window",
    steps: "how often its steps come, or within how long",
    rules: "its rules",
    history: "its history",
    needs: "how much of its history it needs",
    fewest: "how many a period must hold",
    settles: "how long it waits",
  };
  const [own, site] = [Object(before), Object(after)] as Record<string, unknown>[];
  return Object.entries(names).flatMap(([key, name]) => (isDeepStrictEqual(own?.[key], site?.[key]) ? [] : [name]));
}
