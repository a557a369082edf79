import type { Interval } from "../domain/instant.ts";
import { countsWithinBounds, countWindow } from "../fhir/count-window.ts";
import { FhirFailure, isOfServer } from "../fhir/fhir-failure.ts";
import type { ServerPull } from "./server-pull.ts";

/** After so many counts of a type that failed in passing no more are asked for. */
const mostFailed = 3;

/** How many records of a window the server counts, and how many it gave. */
export interface Count {
  readonly expected: number;
  readonly given: number;
}

/**
 * Compares what a window gave with what the server counts in it. More may have been given than is counted afterwards: a record
 * that is changed leaves its window. Undefined where the server does not count, or the window has no beginning.
 * @param counted what it counted when the window was begun: where as many were given it is not asked again
 * @throws FhirFailure `short` where less was given
 */
export async function reconcile(
  pull: ServerPull,
  type: string,
  window: Interval,
  { given, counted }: { readonly given: number; readonly counted?: number | undefined },
): Promise<Count | undefined> {
  if (!isCounted(pull, type, window)) return undefined;
  if (counted !== undefined && given >= counted) return { expected: counted, given };
  const expected = await count(pull, type, window, given);
  if (expected === undefined || given >= expected) return expected === undefined ? undefined : { expected, given };
  throw new FhirFailure("short", `gave ${given} of ${expected} records`);
}

/**
 * What the server counts in a window that is yet to be read. Undefined as above, where it fails to in passing, and where more
 * may be counted than is found there.
 * @throws FhirFailure where nothing else will be answered
 */
export async function countAhead(pull: ServerPull, type: string, window: Interval): Promise<number | undefined> {
  return isCounted(pull, type, window) ? count(pull, type, window, Infinity) : undefined;
}

function isCounted(pull: ServerPull, type: string, { from }: Interval): boolean {
  return pull.counts && Number.isFinite(from) && !pull.uncounted.has(type);
}

/** Undefined also where more is counted than was given, and the count has no regard to the bounds. */
async function count(pull: ServerPull, type: string, window: Interval, given: number): Promise<number | undefined> {
  try {
    const expected = await countWindow(pull.server, type, window);
    if (expected !== undefined && (given >= expected || (await countsWithinBounds(pull.server, type)))) return expected;
  } catch (error) {
    if (!(error instanceof FhirFailure) || isOfServer(error)) throw error;
    // A server that is busy now may count the next window; one that always is must not be waited for at each.
    const failed = (pull.countsFailed.get(type) ?? 0) + 1;
    pull.countsFailed.set(type, failed);
    if (failed < mostFailed) return undefined;
  }
  // One answer is enough: it is not asked for a count of each window.
  pull.uncounted.add(type);
  return undefined;
}
