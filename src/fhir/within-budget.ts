import { durationInWords } from "../domain/duration.ts";
import type { Instant } from "../domain/instant.ts";
import { FhirFailure, isAboutSize, isPassing } from "./fhir-failure.ts";
import type { FhirServer, Reply } from "./fhir-server.ts";

/** What one run may cost. */
export interface Budget {
  /** So long after its beginning no question is begun any more; milliseconds. */
  readonly timeMs: number;
  /** How many questions may go without an answer, however often each was asked. */
  readonly failures: number;
}

/** A first pull may take a night; a server that has failed so often will not come right while it is asked on. */
export const usualBudget: Budget = { timeMs: 12 * 3_600_000, failures: 500 };

/** The same server, until the budget is used up: from then on every question fails as `spent`. What is under way is waited for. */
export function withinBudget(server: FhirServer, { timeMs, failures }: Budget, clock: () => Instant): FhirServer {
  const endsAt = clock() + timeMs;
  let failed = 0;

  async function get(path: string): Promise<Reply> {
    if (failed >= failures) throw spent(`${failures} questions without an answer`);
    if (clock() >= endsAt) throw spent(durationInWords(timeMs));
    try {
      return await server.get(path);
    } catch (error) {
      // What a server refuses, or does not have, is an answer.
      if (error instanceof FhirFailure && (isPassing(error) || isAboutSize(error))) failed += 1;
      throw error;
    }
  }

  return { ...server, get };
}

function spent(what: string): FhirFailure {
  return new FhirFailure("spent", `had not given all when the budget of this run was used up: ${what}`);
}
