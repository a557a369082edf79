import type { Interval } from "../domain/instant.ts";
import { countsWithinBounds, searchesWithinBounds } from "../fhir/count-window.ts";
import { FhirFailure, isOfServer } from "../fhir/fhir-failure.ts";
import type { GivenPage } from "../fhir/search.ts";
import { cutBusy } from "../fhir/time-windows.ts";
import { countAhead } from "./reconcile.ts";
import type { ServerPull } from "./server-pull.ts";

/** What more records are given by is read in parts: a killed pull, and a window that fails, then cost a part. */
const mostInOne = 4_000;

/** What the server counts in a window, where that is known before it is read; and the parts in which it is to be read, where that is too much. */
export interface Measured {
  readonly counted?: number;
  readonly parts?: readonly Interval[];
}

/**
 * Measures a window by its first page. One page is all that most have, and no question more is asked for it.
 * @throws FhirFailure where nothing else will be answered
 */
export async function measureWindow(pull: ServerPull, type: string, window: Interval, first: GivenPage): Promise<Measured> {
  // What else a page holds was not asked for: a server that ignores the bounds would give all of it for each part.
  if (first.next === undefined || first.matches > first.given.length) return {};
  const counted = await countAhead(pull, type, window);
  if (counted === undefined) return {};
  if (counted <= mostInOne || !(await keepsBounds(pull, type))) return { counted };
  const times = first.given.flatMap(({ lastUpdated }) => lastUpdated ?? []);
  const parts = cutBusy(window, { records: counted, mostInOne, times });
  return parts === undefined ? { counted } : { counted, parts };
}

/** Asked once a type: whether both bounds are kept, by what is searched and by what is counted. */
function keepsBounds({ server, bounded }: ServerPull, type: string): Promise<boolean> {
  const known = bounded.get(type);
  if (known !== undefined) return known;
  const asked = Promise.all([countsWithinBounds(server, type), searchesWithinBounds(server, type)]).then(
    (each) => each.every(Boolean),
    (error: unknown) => {
      if (!(error instanceof FhirFailure) || isOfServer(error)) throw error;
      return false;
    },
  );
  bounded.set(type, asked);
  return asked;
}
