import type { FhirServer, Reply } from "./fhir-server.ts";

/** The same server, asked no more than so much at once; who comes first is served first. */
export function limitRequests(server: FhirServer, most: number): FhirServer {
  const waiting: PromiseWithResolvers<undefined>[] = [];
  let underWay = 0;

  async function get(path: string): Promise<Reply> {
    if (underWay >= most) {
      const turn = Promise.withResolvers<undefined>();
      waiting.push(turn);
      await turn.promise;
    } else underWay += 1;
    try {
      return await server.get(path);
    } finally {
      // Whoever is next takes over the place.
      const next = waiting.shift();
      if (next === undefined) underWay -= 1;
      else next.resolve(undefined);
    }
  }

  return { ...server, get };
}
