import type { Interval } from "../domain/instant.ts";
import { countsWithinBounds, countWindow } from "../fhir/count-window.ts";
import { FhirFailure } from "../fhir/fhir-failure.ts";
import type { ServerPull } from "./server-pull.ts";

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
  const expected = await countWindow(pull.server, type, window);
  if (expected !== undefined && given >= expected) return { expected, given };
  if (expected === undefined || !(await countsWithinBounds(pull.server, type))) {
    // One answer is enough: it is not asked for a count of each window.
    pull.uncounted.add(type);
    return undefined;
  }
  throw new FhirFailure("short", `gave ${given} of ${expected} records`);
}
