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
 * @throws FhirFailure `short` where less was given
 */
export async function reconcile(pull: ServerPull, type: string, window: Interval, given: number): Promise<Count | undefined> {
  if (!pull.counts || !Number.isFinite(window.from) || pull.uncounted.has(type)) return undefined;
  const expected = await count(pull, type, window, given);
  if (expected === undefined || given >= expected) return expected === undefined ? undefined : { expected, given };
  throw new FhirFailure("short", `gave ${given} of ${expected} records`);
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
