import fc from "fast-check";
import { expect, test } from "vitest";
import { ask, idsOf, lines, serveFolder, task, type Answer } from "./serve-folder.ts";

const four = {
  "a.ndjson": lines(
    task("d", "2026-03-01T23:59:59.999Z"),
    task("c", "2026-03-02T00:00:00Z"),
    task("b", "2026-03-02T01:00:00.500+01:00"),
    task("a", "2026-03-03T00:00:00Z"),
  ),
};

test.each([
  ["ge2026-03-02", "c b a"],
  ["gt2026-03-02", "a"],
  ["le2026-03-02", "d c b"],
  ["lt2026-03-02", "d"],
  ["eq2026-03-02", "c b"],
  ["2026-03-02", "c b"],
  ["2026-03", "d c b a"],
  ["2026-03-02T00:00:00Z", "c b"],
  ["2026-03-02T00:00:00.000Z", "c"],
  ["gt2026-03-02T00:00:00Z", "a"],
  ["gt2026-03-02T00:00:00.000Z", "b a"],
  ["ge2026-03-02T00:00:00.500Z", "b a"],
  ["ge2026-03-02T00:00:00.501Z", "a"],
  ["lt2026-03-02T00:00:00.500Z", "d c"],
  ["le2026-03-02T00:00:00.500Z", "d c b"],
  ["lt2026-03-02T00:00:00%2B01:00", ""],
  ["ge2026-03-02&_lastUpdated=lt2026-03-02T00:00:00.500Z", "c"],
  ["ge2026-03-03&_lastUpdated=lt2026-03-02", ""],
])("_lastUpdated=%s finds %s", async (window, expected) => {
  const server = await serveFolder(four);
  expect(idsOf(await ask(server, `Task?_lastUpdated=${window}`)).join(" ")).toBe(expected);
});

test("windows cut anywhere, even within a second, hold everything once", async () => {
  const start = Date.parse("2026-03-01T10:00:00Z");
  // Some in whole seconds, some in tenths, some in another zone: all within three seconds.
  const moments = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? Math.floor(index / 20) * 1_000 : index * 49));
  const all = moments.map((moment, index) => {
    const written = new Date(start + moment)
      .toISOString()
      .replace(".000Z", "Z")
      .replace(/(\.\d+?)0+Z$/, "$1Z");
    const time = index % 2 === 0 ? written : written.replace("T10:00", "T09:30").replace("Z", "-00:30");
    return task(`t${index}`, time, { lastModified: time });
  });
  const server = await serveFolder({ "a.ndjson": lines(...all) });
  const iso = (at: number): string => new Date(start + at).toISOString();
  const cuts = fc
    .uniqueArray(fc.oneof(fc.constantFrom(...moments), fc.integer({ min: -500, max: 3_500 })), { maxLength: 4 })
    .map((each) => each.sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(cuts, fc.constantFrom("_lastUpdated", "modified"), fc.boolean(), async (at, param, closedBelow) => {
      const [from, to] = closedBelow ? ["ge", "lt"] : ["gt", "le"];
      const found: unknown[] = [];
      for (const [index, end] of [...at, undefined].entries()) {
        const begin = index === 0 ? undefined : at[index - 1];
        const bounds = [begin === undefined ? [] : `${param}=${from}${iso(begin)}`, end === undefined ? [] : `${param}=${to}${iso(end)}`];
        found.push(...idsOf(await ask(server, `Task?${[...bounds.flat(), "_count=200"].join("&")}`)));
      }
      expect(found.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
    }),
    { numRuns: 40 },
  );
});

const dated = {
  "a.ndjson": lines(
    { resourceType: "AuditEvent", id: "e2", recorded: "2026-03-02T10:00:00Z", meta: { lastUpdated: "2026-03-09T10:00:00Z" } },
    { resourceType: "AuditEvent", id: "e1", recorded: "2026-03-01T10:00:00Z", meta: { lastUpdated: "2026-03-09T10:00:00Z" } },
    { resourceType: "AuditEvent", id: "e0", meta: { lastUpdated: "2026-03-09T10:00:00Z" } },
    { resourceType: "Encounter", id: "open", period: { start: "2026-03-01T10:00:00Z" } },
    { resourceType: "Encounter", id: "over", period: { start: "2026-03-01T10:00:00Z", end: "2026-03-02" } },
    { resourceType: "Encounter", id: "r5", actualPeriod: { start: "2026-03-03T10:00:00Z", end: "2026-03-03T11:00:00Z" } },
    { resourceType: "Encounter", id: "none", period: {} },
    { resourceType: "Observation", id: "o", effectiveDateTime: "2026-03-01T10:00:00Z", issued: "2026-03-05T10:00:00Z" },
    { resourceType: "DiagnosticReport", id: "d", effectivePeriod: { start: "2026-03-01" }, issued: "2026-03-05T10:00:00Z" },
    { resourceType: "ServiceRequest", id: "s", authoredOn: "2026-03-01" },
  ),
};

test.each([
  ["AuditEvent?date=2026-03-01", "e1"],
  ["AuditEvent?date=ge2026-03-01&_sort=-date", "e2 e1"],
  ["AuditEvent?_sort=date", "e1 e2 e0"],
  ["AuditEvent?_sort=-date", "e2 e1 e0"],
  ["AuditEvent?_sort=-_lastUpdated", "e0 e1 e2"],
  ["AuditEvent?_lastUpdated=2026-03-09&date=lt2026-03-02", "e1"],
  ["Encounter?date=lt2026-03-02", "open over"],
  ["Encounter?date=ge2026-03-03", "open r5"],
  ["Encounter?date=gt2026-03-02T23:59:59.999Z", "open r5"],
  ["Encounter?date=2026-03-03", "r5"],
  ["Encounter?date=le2026-03-03", "open over r5"],
  ["Observation?date=2026-03-01", "o"],
  ["DiagnosticReport?date=gt2026-04-01&issued=2026-03-05", "d"],
  ["ServiceRequest?authored=2026-03-01", "s"],
  ["ServiceRequest?authored=ge2026-03-01T10:00:00Z", "s"],
])("%s finds %s", async (search, expected) => {
  const server = await serveFolder(dated);
  expect(idsOf(await ask(server, search)).join(" ")).toBe(expected);
});

test("records are found by a list of ids, and what is not there is left out", async () => {
  const server = await serveFolder(four);
  expect(idsOf(await ask(server, "Task?_id=a,nobody,c"))).toEqual(["c", "a"]);
  expect(idsOf(await ask(server, "Task?_id=a,c&_lastUpdated=lt2026-03-03"))).toEqual(["c"]);
});

test("a count is answered without the resources", async () => {
  const server = await serveFolder(four);
  for (const count of ["_summary=count", "_count=0"]) {
    expect(await ask(server, `Task?_lastUpdated=ge2026-03-02&${count}`)).toEqual({
      status: 200,
      resourceType: "Bundle",
      type: "searchset",
      total: 3,
      link: [{ relation: "self", url: expect.stringContaining("_count=0") as unknown }],
    });
  }
});

test("a search answers with a Bundle that says how it was understood", async () => {
  const server = await serveFolder(four);
  expect(await ask(server, "Task?_lastUpdated=gt2026-03-02&_count=1000")).toEqual({
    status: 200,
    resourceType: "Bundle",
    type: "searchset",
    total: 1,
    link: [{ relation: "self", url: `${server.url}/Task?_lastUpdated=gt2026-03-02&_count=200` }],
    entry: [{ fullUrl: `${server.url}/Task/a`, resource: task("a", "2026-03-03T00:00:00Z"), search: { mode: "match" } }],
  });
});

test("a search may come by POST, in part or whole", async () => {
  const server = await serveFolder(four);
  const post = async (path: string, body: string): Promise<Answer> => {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    return (await (await fetch(`${server.url}/${path}`, { method: "POST", headers, body })).json()) as Answer;
  };
  expect(idsOf(await post("Task/_search", "_lastUpdated=ge2026-03-02&_lastUpdated=lt2026-03-03"))).toEqual(["c", "b"]);
  expect(idsOf(await post("Task/_search?_lastUpdated=ge2026-03-02", "_lastUpdated=lt2026-03-03"))).toEqual(["c", "b"]);
});

test.each([
  "Task?patient=Patient/1",
  "Task?date=2026-03-01",
  "Task?_lastUpdated:missing=true",
  "Task?_lastUpdated=ne2026-03-01",
  "Task?_lastUpdated=ge2026-03-01,2026-03-02",
  "Task?_lastUpdated=ge2026-03-01T00:00:00+01:00",
  "Task?_lastUpdated=",
  "Task?_sort=status",
  "Task?_sort=_lastUpdated,modified",
  "Task?_summary=true",
  "Task?_id=a&_id=b",
  "Task?_include=Task:focus",
])("%s is not understood, and the answer says what would be", async (search) => {
  const server = await serveFolder(four);
  const { status, issue } = await ask(server, search);
  expect([status, issue?.[0]?.code]).toEqual([400, "not-supported"]);
  expect(issue?.[0]?.diagnostics).toContain(
    "Task can be searched by _lastUpdated, authored-on, modified, period (repeatable; eq, ge, gt, le, lt) and _id (a list with commas), with _count, _summary=count and _sort",
  );
});

test.each(["-1", "some", "", "1.5"])("_count=%s is refused", async (count) => {
  const server = await serveFolder(four);
  expect(await ask(server, `Task?_count=${count}`)).toMatchObject({
    status: 400,
    issue: [{ diagnostics: "_count has to be a whole number." }],
  });
});
