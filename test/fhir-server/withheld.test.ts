import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ask, fixtureSite, idsOf, lines, serveFolder, task, type Answer } from "./serve-folder.ts";

const hour = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();
const window = (param: string, from: number, to: number): string => `${param}=ge${iso(from)}&${param}=lt${iso(to)}`;

test.each(["north", "south", "west"] as const)("of %s exactly the hours that its coverage.json leaves out cannot be read", async (site) => {
  const coverage = JSON.parse(readFileSync(`${fixtureSite(site)}/coverage.json`, "utf8")) as Record<string, [string, string][]>;
  const server = await serveFolder(fixtureSite(site));
  const begin = Date.parse("2026-02-04T22:00:00Z");
  const ends = Date.parse("2026-03-16T09:00:00Z");
  const hours = [...Array.from({ length: 12 }, (_, index) => begin + index * hour), ends - 9 * hour, ends - 7 * hour, ends - hour];
  for (const [type, intervals] of Object.entries(coverage)) {
    for (const from of hours) {
      const isRead = intervals.some(([start, end]) => Date.parse(start) <= from && from + hour <= Date.parse(end));
      const { status } = await ask(server, `${type}?${window("_lastUpdated", from, from + hour)}`);
      expect([type, iso(from), status]).toEqual([type, iso(from), isRead ? 200 : 500]);
    }
  }
});

const gappy = {
  "coverage.json": JSON.stringify({
    AuditEvent: [
      ["2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z"],
      ["2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z"],
    ],
    Communication: [["2026-03-01T00:00:00Z", "2026-03-04T00:00:00Z"]],
    Patient: [],
    Task: [["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"]],
    Provenance: [
      ["2026-03-03T00:00:00Z", "2026-03-05T00:00:00Z"],
      ["2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z"],
      ["2026-03-01T12:00:00Z", "2026-03-02T00:00:00Z"],
      ["2026-03-03T12:00:00Z", "2026-03-04T00:00:00Z"],
    ],
  }),
  "a.ndjson": lines(
    task("read", "2026-03-01T10:00:00Z", { authoredOn: "2026-03-01T09:00:00Z" }),
    task("changed", "2026-03-01T12:00:00Z", { authoredOn: "2026-03-01T11:00:00Z" }),
    {
      ...task("changed", "2026-03-02T12:00:00Z", { authoredOn: "2026-03-01T11:00:00Z" }),
      meta: { versionId: "2", lastUpdated: "2026-03-02T12:00:00Z" },
    },
    task("hidden", "2026-03-03T12:00:00Z", { authoredOn: "2026-03-03T11:00:00Z" }),
    { resourceType: "AuditEvent", id: "late", recorded: "2026-03-02T12:00:00Z", meta: { lastUpdated: "2026-03-03T01:00:00Z" } },
    { resourceType: "AuditEvent", id: "e", recorded: "2026-03-04T12:00:00Z", meta: { lastUpdated: "2026-03-04T12:00:00Z" } },
    { resourceType: "Claim", id: "unnamed", meta: { lastUpdated: "2026-03-03T12:00:00Z" } },
  ),
};
const gap = (what: string): object => ({
  status: 500,
  resourceType: "OperationOutcome",
  issue: [{ severity: "error", code: "exception", diagnostics: `${what} cannot be read here.` }],
});
const firstGap = gap("AuditEvent from 2026-03-01T00:00:00.000Z to 2026-03-02T00:00:00.000Z");
const secondGap = gap("AuditEvent from 2026-03-03T00:00:00.000Z to 2026-03-04T00:00:00.000Z");

test.each([
  ["AuditEvent?_lastUpdated=lt2026-03-01", 200],
  ["AuditEvent?_lastUpdated=le2026-03-01T00:00:00.000Z", firstGap],
  ["AuditEvent?_lastUpdated=lt2026-03-01T00:00:00.001Z", firstGap],
  ["AuditEvent?_lastUpdated=eq2026-03-01", firstGap],
  ["AuditEvent?_lastUpdated=ge2026-03-02&_lastUpdated=lt2026-03-03", 200],
  ["AuditEvent?_lastUpdated=ge2026-03-02&_lastUpdated=le2026-03-02T23:59:59.999Z", 200],
  ["AuditEvent?_lastUpdated=ge2026-03-02&_lastUpdated=lt2026-03-03T00:00:00.001Z", secondGap],
  ["AuditEvent?_lastUpdated=ge2026-03-03T23:59:59.999Z&_summary=count", secondGap],
  ["AuditEvent?_lastUpdated=gt2026-03-03T23:59:59.999Z", 200],
  ["AuditEvent?_lastUpdated=gt2026-03-03", 200],
  ["AuditEvent?_lastUpdated=ge2026-03-03&_lastUpdated=lt2026-03-03", 200],
  ["AuditEvent?_lastUpdated=ge2027-01-01", 200],
  ["AuditEvent", firstGap],
  ["AuditEvent?_count=1&_sort=-date", firstGap],
  ["AuditEvent/_history", firstGap],
  ["AuditEvent/_history?_since=2026-03-02", secondGap],
  ["AuditEvent/_history?_since=2026-03-04", 200],
  ["AuditEvent?date=ge2026-03-04", 200],
  ["AuditEvent?date=2026-03-03", secondGap],
  ["AuditEvent?date=2026-03-03&_lastUpdated=ge2026-03-04", 200],
  ["Provenance", 200],
  ["Claim", 200],
  ["Communication?_lastUpdated=ge2030-01-01", gap("Communication from 2026-03-04T00:00:00.000Z on")],
  ["Patient?_lastUpdated=2026-03-02", gap("Patient from 2026-03-01T00:00:00.000Z on")],
  ["Patient?_lastUpdated=lt2026-03-01", 200],
] as const)("%s", async (path, expected) => {
  const server = await serveFolder(gappy);
  const answer = await ask(server, path);
  if (typeof expected === "number") expect(answer).toMatchObject({ status: expected, resourceType: "Bundle" });
  else expect(answer).toEqual(expected);
});

test("what lies in withheld time is as if it were not there, also by its id", async () => {
  const server = await serveFolder(gappy);
  expect(idsOf(await ask(server, "Task?_id=read,changed,hidden"))).toEqual(["read", "changed"]);
  expect((await ask(server, "Task/hidden")).status).toBe(404);
  expect((await ask(server, "Task/hidden/_history")).status).toBe(404);
  expect(await ask(server, "Task/changed")).toMatchObject({ meta: { versionId: "1" } });
  expect((await ask(server, "Task/changed/_history/2")).status).toBe(404);
  expect(await ask(server, "Task/changed/_history")).toMatchObject({ total: 1 });
});

test("a window of another time fails where something in it was lost to withheld time", async () => {
  const server = await serveFolder(gappy);
  expect(await ask(server, "AuditEvent?date=2026-03-02T12:00:00Z")).toEqual(secondGap);
  expect(await ask(server, "AuditEvent?date=ge2026-03-02&date=lt2026-03-02T12:00:00Z")).toMatchObject({ status: 200, total: 0 });
  expect(await ask(server, "Task?authored-on=lt2026-03-01T11:00:00Z")).toMatchObject({ status: 200, total: 1 });
  expect(await ask(server, "Task?authored-on=lt2026-03-02")).toEqual(gap("Task from 2026-03-02T00:00:00.000Z on"));
});

test("a server may be told to withhold nothing", async () => {
  const server = await serveFolder(gappy, { withhold: false });
  const total = async (path: string): Promise<Answer["total"]> => (await ask(server, path)).total;
  expect([await total("Task"), await total("Task/_history"), await total("AuditEvent"), await total("Patient")]).toEqual([3, 4, 2, 0]);
});

test("where nothing at all was read yet, nothing can be read at any time", async () => {
  const server = await serveFolder({ "coverage.json": '{"Task":[]}' });
  expect(await ask(server, "Task?_lastUpdated=lt1990-01-01")).toEqual(gap("Task"));
});

test("several coverage.json files of a folder are united", async () => {
  const server = await serveFolder({
    "a/coverage.json": '{"Task":[["2026-03-01T00:00:00Z","2026-03-02T00:00:00Z"]]}',
    "b/coverage.json": '{"Task":[["2026-03-02T00:00:00Z","2026-03-03T00:00:00Z"]],"Patient":[]}',
  });
  expect([(await ask(server, "Task")).status, (await ask(server, "Patient")).status]).toEqual([200, 500]);
});
