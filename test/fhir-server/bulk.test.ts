import { expect, test } from "vitest";
import { lines, serveFolder, task } from "./serve-folder.ts";

const respondAsync = { headers: { prefer: "respond-async" } };

test("an export goes its way: in progress, its manifest, its files, and its end", async () => {
  const server = await serveFolder(
    { "tasks.ndjson": lines(task("a", "2026-03-01T09:00:00Z"), task("b", "2026-03-02T09:00:00Z")) },
    { bulk: { polls: 1, linesPerFile: 1 } },
  );
  const began = await fetch(`${server.url}/$export?_type=Task`, respondAsync);
  const poll = began.headers.get("content-location")!;
  const running = await fetch(poll);
  expect([began.status, running.status, running.headers.get("x-progress")]).toEqual([202, 202, "50% complete"]);
  const manifest = (await (await fetch(poll)).json()) as { output: { type: string; url: string; count: number }[] };
  expect(manifest).toMatchObject({ transactionTime: "2026-03-16T09:00:00.000Z", requiresAccessToken: false, deleted: [], error: [] });
  expect(manifest.output.map(({ type, count }) => `${type} ${count}`)).toEqual(["Task 1", "Task 1"]);
  const file = await fetch(manifest.output[1]!.url);
  expect([file.headers.get("content-type"), await file.text()]).toEqual([
    "application/fhir+ndjson",
    lines(task("b", "2026-03-02T09:00:00Z")),
  ]);
  expect((await fetch(poll, { method: "DELETE" })).status).toBe(202);
  expect([(await fetch(poll)).status, (await fetch(manifest.output[1]!.url)).status]).toEqual([404, 404]);
});

test("after its time nobody knows of it", async () => {
  let now = Date.parse("2026-03-16T09:00:00Z");
  const server = await serveFolder(
    { "tasks.ndjson": lines(task("a", "2026-03-01T09:00:00Z")) },
    { clock: () => now, bulk: { lifeMs: 1_000 } },
  );
  const poll = (await fetch(`${server.url}/$export`, respondAsync)).headers.get("content-location")!;
  now += 1_000;
  expect((await fetch(poll)).status).toBe(404);
});

test.each([
  [{}, ["export"], [["Patient", "patient-export"]]],
  [false, [], []],
] as const)("its CapabilityStatement lists $export where it offers it: %o", async (bulk, ofSystem, ofTypes) => {
  const patient = { resourceType: "Patient", id: "k", meta: { lastUpdated: "2026-03-01T09:00:00Z" } };
  const server = await serveFolder({ "some.ndjson": lines(task("a", "2026-03-01T09:00:00Z"), patient) }, { bulk });
  interface Offering {
    readonly type: string;
    readonly operation?: { readonly name: string; readonly definition: string }[];
  }
  const said = (await (await fetch(`${server.url}/metadata`)).json()) as { rest: [Offering & { resource: Offering[] }] };
  const name = (definition: string): string => definition.replace("http://hl7.org/fhir/uv/bulkdata/OperationDefinition/", "");
  const [{ operation = [], resource }] = said.rest;
  expect(operation.map(({ definition }) => name(definition))).toEqual(ofSystem);
  expect(resource.flatMap((each) => (each.operation ?? []).map(({ definition }) => [each.type, name(definition)]))).toEqual(ofTypes);
});

test.each([
  ["no Prefer", "$export", {}, 400],
  ["a type that is not here", "$export?_type=Claim", respondAsync, 400],
  ["a parameter that is not known", "$export?_typeFilter=x", respondAsync, 400],
  ["a Group that is not here", "Group/none/$export", respondAsync, 404],
])("%s is refused", async (_, path, init, status) => {
  const server = await serveFolder({ "tasks.ndjson": lines(task("a", "2026-03-01T09:00:00Z")) });
  expect((await fetch(`${server.url}/${path}`, init)).status).toBe(status);
});
