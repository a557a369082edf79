import { FhirFailure, isPassing } from "./fhir-failure.ts";
import type { FhirServer, Reply } from "./fhir-server.ts";

/** A server that answers within this has room for more, in milliseconds; one that takes as long as that has not. */
export const quickMs = 500;
const slowMs = 5_000;

/**
 * The same server, asked no more than so much at once; who comes first is served first. It begins with half of it, and goes on with
 * one more for as many quick answers as are under way: half as much where the server turned a question away, lost it, or was slow.
 */
export function limitRequests(server: FhirServer, most: number): FhirServer {
  const waiting: PromiseWithResolvers<undefined>[] = [];
  let underWay = 0;
  let room = Math.ceil(most / 2);
  let quick = 0;
  // Those that were under way together with one that was turned away say the same once more.
  let said = 0;

  async function get(path: string): Promise<Reply> {
    if (underWay >= room) {
      const turn = Promise.withResolvers<undefined>();
      waiting.push(turn);
      await turn.promise;
    } else underWay += 1;
    let isBusy = true;
    try {
      const reply = await server.get(path);
      isBusy = reply.tries > 1 || reply.tookMs >= slowMs;
      if (!isBusy && reply.tookMs <= quickMs) quick += 1;
      return reply;
    } catch (error) {
      isBusy = error instanceof FhirFailure && (isPassing(error) || error.kind === "slow");
      throw error;
    } finally {
      underWay -= 1;
      adapt(isBusy);
      for (; underWay < room && waiting.length > 0; underWay += 1) waiting.shift()?.resolve(undefined);
    }
  }

  function adapt(isBusy: boolean): void {
    said = Math.max(said - 1, 0);
    if (isBusy) {
      quick = 0;
      if (said > 0) return;
      room = Math.max(Math.floor(room / 2), 1);
      said = underWay + 1;
    } else if (quick >= room && room < most) {
      quick = 0;
      room += 1;
    }
  }

  return { ...server, get };
}
