import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ask, fixtureSite, idsOf, lines, resourcesOf, serveFolder, task } from "./serve-folder.ts";

const at = "2026-03-01T10:00:00Z";

test("files of every form are served, subfolders included, and coverage.json is none of them", async () => {
  const server = await serveFolder({
    "a.ndjson": `\uFEFF${lines(task("line", at))}\r\n\n\uFEFF${JSON.stringify(task("last", at))}`,
    "deep/er/b.ndjson.gz": gzipSync(lines(task("packed", at))),
    "one.json": `\uFEFF${JSON.stringify(task("one", at), null, 2)}`,
    "many.json": JSON.stringify([task("first", at), { resourceType: "Bundle", entry: [{ resource: task("bundled", at) }] }]),
    "coverage.json": "{}",
    ".hidden.ndjson": lines(task("hidden", at)),
    "notes.txt": lines(task("text", at)),
  });
  expect(server.unservable).toEqual([]);
  expect(idsOf(await ask(server, "Task"))).toEqual(["bundled", "first", "last", "line", "one", "packed"]);
});

test("a resource is sent as it stands in its file, byte for byte", async () => {
  const text = '{ "id":"a","resourceType" : "Observation", "valueQuantity":{"value":7.10}, "note":"\\u00e9 é" }';
  const server = await serveFolder({ "a.ndjson": `${text}\n` });
  const response = await fetch(`${server.url}/Observation/a`);
  expect(await response.text()).toBe(text);
  expect(await (await fetch(`${server.url}/Observation`)).text()).toContain(`"resource":${text},`);
});

test("what no server could hold is listed, with its place and the reason, and not served", async () => {
  const server = await serveFolder({
    "a.ndjson": [
      JSON.stringify(task("a", at)),
      "{smith",
      '{"name":"smith"}',
      '{"resourceType":"Task"}',
      '{"resourceType":"Task","id":7}',
      '{"resourceType":"Task","id":"smith and son"}',
      "7",
    ].join("\n"),
    "b.ndjson": Buffer.from('{"resourceType":"Task","id":"Jos\u00e9"}', "latin1"),
    "c.ndjson.gz": gzipSync(lines(task("c", at))).subarray(0, 20),
    "d.json": JSON.stringify([task("d", at), { id: "d2" }, { resourceType: "Bundle", entry: [{ request: { method: "DELETE" } }, {}] }]),
    "e.json": "",
  });
  expect(server.unservable).toEqual([
    { file: "a.ndjson", line: 2, reason: "The line is no JSON." },
    { file: "a.ndjson", line: 3, reason: "It is no resource: it has no resourceType." },
    { file: "a.ndjson", line: 4, reason: "It has no id." },
    { file: "a.ndjson", line: 5, reason: "Its id is none: FHIR allows 1 to 64 letters, digits, hyphens and dots." },
    { file: "a.ndjson", line: 6, reason: "Its id is none: FHIR allows 1 to 64 letters, digits, hyphens and dots." },
    { file: "a.ndjson", line: 7, reason: "It is no resource: it has no resourceType." },
    { file: "b.ndjson", line: 1, reason: "The line is not UTF-8." },
    { file: "c.ndjson.gz", line: 1, reason: "The gzip file is cut short or damaged." },
    { file: "d.json", line: 2, reason: "It is no resource: it has no resourceType." },
    { file: "d.json", line: 3, reason: "It is a deletion that names no single resource." },
    { file: "d.json", line: 4, reason: "It is no resource: it has no resourceType." },
    { file: "e.json", line: 1, reason: "The file is no JSON." },
  ]);
  expect(idsOf(await ask(server, "Task"))).toEqual(["a", "d"]);
});

test("an AuditEvent without id gets one from its content: the same wherever it stands and whenever it is moved to", async () => {
  const event = { resourceType: "AuditEvent", recorded: at, agent: [{ requestor: true, altId: "x" }] };
  const reordered = { agent: [{ altId: "x", requestor: true }], recorded: at, resourceType: "AuditEvent", meta: { versionId: "1" } };
  const other = { ...event, recorded: "2026-03-01T10:00:01Z" };
  const idOf = async (resource: object, shiftMs = 0): Promise<string | undefined> => {
    const server = await serveFolder({ "a.ndjson": lines(resource) }, { shiftMs });
    const [id] = idsOf(await ask(server, "AuditEvent"));
    expect(await ask(server, `AuditEvent/${id}`)).toMatchObject({ id, ...(shiftMs === 0 ? resource : {}) });
    return id;
  };
  const id = await idOf(event);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect([await idOf(reordered), await idOf(event, 86_400_000)]).toEqual([id, id]);
  expect(await idOf(other)).not.toBe(id);
});

test("a record without lastUpdated is found by the time it says it was recorded, else with the earliest of the hospital", async () => {
  const server = await serveFolder({
    "a.ndjson": lines(
      { resourceType: "Task", id: "told", authoredOn: "2026-03-01T10:00:00Z", lastModified: "2026-03-03T10:00:00Z" },
      { resourceType: "Task", id: "untold" },
      { resourceType: "Communication", id: "sent", sent: "2026-02-01T10:00:00Z" },
    ),
  });
  const search = async (window: string): Promise<unknown> => idsOf(await ask(server, `Task?${window}`));
  expect(await search("_lastUpdated=2026-03-03")).toEqual(["told"]);
  expect(await search("_lastUpdated=2026-02-01T10:00:00.000Z")).toEqual(["untold"]);
  expect(await ask(server, "Task/untold")).toEqual({ status: 200, resourceType: "Task", id: "untold" });
});

test("where nothing tells a time, everything is from the beginning of the epoch", async () => {
  const server = await serveFolder({ "a.ndjson": '{"resourceType":"Task","id":"a"}' });
  expect(idsOf(await ask(server, "Task?_lastUpdated=1970-01-01T00:00:00.000Z"))).toEqual(["a"]);
});

test("the hospital moves in time as a whole", async () => {
  const server = await serveFolder(
    {
      "a.ndjson": lines(task("a", at, { authoredOn: "2026-03-01T10:00:00+01:00", restriction: { period: { end: "2026-03-10" } } })),
      "coverage.json": JSON.stringify({ Task: [["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"]], AuditEvent: [] }),
    },
    { shiftMs: 86_400_000 + 3_600_000 },
  );
  const moved = task("a", "2026-03-02T11:00:00Z", {
    authoredOn: "2026-03-02T11:00:00+01:00",
    restriction: { period: { end: "2026-03-11" } },
  });
  expect(resourcesOf(await ask(server, "Task?_lastUpdated=2026-03-02"))).toEqual([moved]);
  expect(idsOf(await ask(server, "Task?_lastUpdated=2026-03-01"))).toEqual([]);
  expect(await ask(server, "AuditEvent?_lastUpdated=ge2026-03-02T01:00:00Z&_lastUpdated=lt2026-03-02T01:00:01Z")).toMatchObject({
    status: 500,
  });
  expect(await ask(server, "AuditEvent?_lastUpdated=lt2026-03-02T01:00:00Z")).toMatchObject({ status: 200, total: 0 });
});

test("of the fixture hospital only the records without id cannot be served", async () => {
  const server = await serveFolder(fixtureSite("north"));
  expect(server.unservable.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
    "Communication.ndjson: It has no id.",
    "DiagnosticReport.ndjson: It has no id.",
    "Task.ndjson: It has no id.",
  ]);
});

test.each(["[]", "{", '{"Task":{}}', '{"Task":[["2026-03-01T00:00:00Z"]]}', '{"Task":[["2026-03-01T00:00:00Z","later"]]}'])(
  "a coverage.json that says %s stops the server from starting",
  async (coverage) => {
    await expect(serveFolder({ "x/coverage.json": coverage })).rejects.toThrow("x/coverage.json is not of the form");
  },
);

test("a folder that is not there stops the server from starting", async () => {
  await expect(serveFolder("/nowhere/at/all")).rejects.toThrow("ENOENT");
});
