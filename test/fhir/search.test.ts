import { expect, test } from "vitest";
import { findFirstUpdate, readTypeHistory, searchWindow, type Given, type GivenPage } from "../../src/fhir/search.ts";
import { bundle, match, openOdd, startOddServer, type OddServer } from "./odd-server.ts";

const task = (id: string, lastUpdated?: string): object => ({
  resourceType: "Task",
  id,
  ...(lastUpdated !== undefined && { meta: { lastUpdated } }),
});
const window = { from: Date.parse("2026-03-01T00:00:00Z"), to: Date.parse("2026-03-02T00:00:00Z") };

/** A server that gives these entries whatever it is asked for. */
async function giving(...entry: object[]): Promise<OddServer & ReturnType<typeof openOdd>> {
  const odd = await startOddServer(() => ({ body: bundle({ entry }) }));
  return { ...odd, ...openOdd(`${odd.origin}/fhir`) };
}

async function all(pages: AsyncIterable<GivenPage>): Promise<Given[]> {
  const every: Given[] = [];
  for await (const { given } of pages) every.push(...given);
  return every;
}

async function idsOf(pages: AsyncIterable<GivenPage>): Promise<unknown[]> {
  return (await all(pages)).map(({ resource }) => resource["id"] ?? resource);
}

test("a server that ignores the bounds of a window is heard only within them; what does not say when it was updated is taken", async () => {
  const { server, asked } = await giving(
    match(task("before", "2026-02-28T23:59:59.999Z")),
    match(task("first", "2026-03-01T00:00:00Z")),
    match(task("last", "2026-03-02T00:59:59.999+01:00")),
    match(task("after", "2026-03-02T00:00:00Z")),
    match(task("undated")),
    match(task("unreadable", "yesterday")),
  );
  expect(await idsOf(searchWindow(server, "Task", window))).toEqual(["first", "last", "undated", "unreadable"]);
  expect(asked.map(({ path, query }) => [path, query.getAll("_lastUpdated"), query.get("_count")])).toEqual([
    ["/fhir/Task", ["ge2026-03-01T00:00:00.000Z", "lt2026-03-02T00:00:00.000Z"], "200"],
  ]);
  expect(await idsOf(searchWindow(server, "Task", { from: -Infinity, to: window.from }))).toEqual(["before", "undated", "unreadable"]);
  expect(await idsOf(searchWindow(server, "Task", { from: window.to, to: Infinity }))).toEqual(["after", "undated", "unreadable"]);
  expect(asked.slice(1).map(({ query }) => query.getAll("_lastUpdated"))).toEqual([
    ["lt2026-03-01T00:00:00.000Z"],
    ["ge2026-03-02T00:00:00.000Z"],
  ]);
});

test("what comes along is not what was asked for: other types, includes, outcomes; an entry that holds nothing is passed on, to be kept", async () => {
  const empty = { fullUrl: "Task/lost" };
  const { server } = await giving(
    match({ resourceType: "Patient", id: "another-type" }),
    { resource: task("include", "2026-03-01T10:00:00Z"), search: { mode: "include" } },
    { resource: { resourceType: "OperationOutcome", issue: [] }, search: { mode: "outcome" } },
    { search: { mode: "outcome" } },
    { resource: task("without-mode", "2026-03-01T10:00:00Z") },
    match({ resourceType: "Bundle", entry: [{ resource: task("nested", "2026-03-01T10:00:00Z") }] }),
    empty,
  );
  expect(await idsOf(searchWindow(server, "Task", window))).toEqual(["without-mode", "nested", empty]);
});

test("a history gives every version since, deletions too, though the server gives more", async () => {
  const request = { method: "DELETE", url: "Task/gone" };
  const { server, asked } = await giving(
    { request, response: { etag: 'W/"3"', lastModified: "2026-03-01T12:00:00Z" } },
    { resource: task("t", "2026-03-01T11:00:00Z") },
    { resource: task("t", "2026-02-01T11:00:00Z") },
  );
  const given = await all(readTypeHistory(server, "Task", window.from));
  expect(given).toEqual([
    {
      resource: { resourceType: "Task", id: "gone", meta: { versionId: "3", lastUpdated: "2026-03-01T12:00:00Z" }, deleted: true },
      lastUpdated: Date.parse("2026-03-01T12:00:00Z"),
    },
    { resource: task("t", "2026-03-01T11:00:00Z"), lastUpdated: Date.parse("2026-03-01T11:00:00Z") },
  ]);
  expect(asked[0]?.query.get("_since")).toBe("2026-03-01T00:00:00.000Z");
  await all(readTypeHistory(server, "Task", -Infinity));
  expect(asked[1]?.query.has("_since")).toBe(false);
});

test("the first update is what the server gives first; nothing where it has none or does not say", async () => {
  const first = async (...entry: object[]): Promise<number | undefined> => findFirstUpdate((await giving(...entry)).server, "Task");
  expect(await first(match(task("t", "2026-03-01T11:00:00Z")))).toBe(Date.parse("2026-03-01T11:00:00Z"));
  expect([await first(), await first(match(task("t")))]).toEqual([undefined, undefined]);
});
