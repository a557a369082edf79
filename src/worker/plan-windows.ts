import type { Instant, Interval } from "../domain/instant.ts";
import { subtract } from "../domain/interval.ts";
import { FhirFailure, isOfFeed } from "../fhir/fhir-failure.ts";
import { findFirstUpdate } from "../fhir/search.ts";
import { cutWindows } from "../fhir/time-windows.ts";
import type { OpenWindow } from "../store/open-window.ts";
import type { ServerPull } from "./server-pull.ts";

const hourMs = 3_600_000;

/** A window to be read, and how far an earlier pull got with it. */
export interface Planned extends Interval {
  readonly left?: OpenWindow;
}

/** What an earlier pull left that can be gone on with: not what a server dated that has set back its clock. */
export function leftBy({ until, overlapMs }: ServerPull, left: readonly OpenWindow[]): OpenWindow[] {
  return left.filter(({ askedAt }) => askedAt <= until + overlapMs);
}

/** Whether it is a history that an earlier pull began at this instant. */
export function isHistoryFrom(from: Instant): (left: OpenWindow) => boolean {
  return (left) => left.how === "history" && left.from === from;
}

/**
 * Cuts stretches of time into windows, the oldest first. Those that an earlier pull has read, or has begun to, stay as they
 * are; but what the server may have indexed only after they were read is asked for anew.
 */
export async function planWindows(
  pull: ServerPull,
  type: string,
  { stretches, left }: { readonly stretches: readonly Interval[]; readonly left: readonly OpenWindow[] },
): Promise<Planned[]> {
  const windows: Planned[] = [];
  for (const stretch of stretches) {
    const begun = left.filter(({ how, from, to }) => how === "search" && from >= stretch.from && to <= stretch.to);
    const settled = begun.map(({ from, to, askedAt }) => ({ from, to: Math.min(to, askedAt - pull.overlapMs) }));
    // Without any, what is asked for again is what it was.
    const rest = begun.length === 0 ? [stretch] : subtract([stretch], settled);
    for (const each of rest) windows.push(...(await cutStretch(pull, type, each)));
    windows.push(...begun.map((each) => ({ from: each.from, to: each.to, left: each })));
  }
  return windows.sort((a, b) => a.from - b.from || a.to - b.to);
}

/** What has no beginning is asked for from the oldest record on, and before it in one window more: a server may not sort. */
async function cutStretch({ server, until }: ServerPull, type: string, { from, to }: Interval): Promise<Interval[]> {
  const first = from === -Infinity ? await findFirst() : undefined;
  return first === undefined || first >= to ? cutWindows({ from, to }) : [{ from, to: first }, ...cutWindows({ from: first, to })];

  async function findFirst(): Promise<Instant | undefined> {
    try {
      const at = await findFirstUpdate(server, type);
      return at === undefined || at >= until ? undefined : Math.floor(at / hourMs) * hourMs;
    } catch (error) {
      if (!(error instanceof FhirFailure) || isOfFeed(error)) throw error;
      return undefined;
    }
  }
}

/** Of records that can change the last window is read after all others: it is kept short, where there are others. */
export function withShortEnd(isOnce: boolean, windows: Planned[]): Planned[] {
  const last = windows.at(-1);
  if (isOnce || last === undefined || windows.length === 1 || last.left !== undefined) return windows;
  const cut = Math.max(last.from, last.to - hourMs);
  return cut === last.from ? windows : [...windows.slice(0, -1), { from: last.from, to: cut }, { from: cut, to: last.to }];
}
