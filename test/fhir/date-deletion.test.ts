import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openFhirServer } from "../../src/fhir/fhir-server.ts";
import { readTypeHistory } from "../../src/fhir/search.ts";

/** As HAPI tells of a deletion: its version, and no time. */
const deletion = {
  fullUrl: "http://hapi.example/fhir/Task/gone",
  request: { method: "DELETE", url: "Task/gone/_history/2" },
  response: { status: "200 OK", etag: 'W/"2"' },
};
const first = { resourceType: "Task", id: "gone", meta: { versionId: "1", lastUpdated: "2026-03-01T09:00:00Z" } };

async function readHistory(answers: Readonly<Record<string, object>>): Promise<unknown[]> {
  const server = createServer((request, response) => {
    const answer = answers[(request.url ?? "").split("?")[0] ?? ""];
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/fhir+json" });
    response.end(JSON.stringify(answer ?? { resourceType: "OperationOutcome" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const read: unknown[] = [];
  const history = readTypeHistory(openFhirServer({ base, clock: Date.now, random: () => 0 }), "Task", Date.parse("2026-03-02T00:00:00Z"));
  for await (const { given } of history) read.push(...given);
  return read;
}

const history = { "/Task/_history": { resourceType: "Bundle", type: "history", entry: [deletion] } };

test("a deletion without a time takes that of the version before it, also where that was not asked for", async () => {
  expect(await readHistory({ ...history, "/Task/gone/_history/1": first })).toEqual([
    {
      resource: { resourceType: "Task", id: "gone", meta: { versionId: "2", lastUpdated: "2026-03-01T09:00:00Z" }, deleted: true },
      lastUpdated: undefined,
    },
  ]);
});

test("where the server has that version no longer, the deletion is passed on as it came", async () => {
  expect(await readHistory(history)).toEqual([
    { resource: { resourceType: "Task", id: "gone", meta: { versionId: "2" }, deleted: true }, lastUpdated: undefined },
  ]);
});
