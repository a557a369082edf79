import { expect, test } from "vitest";
import type { FolderItem } from "../../src/fhir/folder-item.ts";
import { readFolder } from "../../src/fhir/read-folder.ts";
import { ask, askAll, fixtureSite, lines, resourcesOf, serveFolder, task, type Answer, type Resource } from "./serve-folder.ts";

const version = (id: string, versionId: string, lastUpdated: string, rest: object = {}): Resource => ({
  resourceType: "Task",
  id,
  meta: { versionId, lastUpdated },
  ...rest,
});
const brief = (...pages: Answer[]): string =>
  pages
    .flatMap(({ entry = [] }) => entry)
    .map(({ request, response }) => `${request?.method} ${request?.url} ${response?.etag}`)
    .join(", ");

const shuffled = {
  "a.ndjson": lines(
    version("a", "10", "2026-03-02T10:00:00Z"),
    version("b", "1", "2026-03-01T12:00:00Z"),
    version("a", "9", "2026-03-02T10:00:00Z"),
    version("a", "1", "2026-03-01T10:00:00Z"),
  ),
  "b.ndjson": `{ "id": "a", "resourceType": "Task", "meta": { "lastUpdated": "2026-03-01T10:00:00Z", "versionId": "1" } }\n`,
};

test("versions are in the order of lastUpdated, then of their number, and the newest is what is read", async () => {
  const server = await serveFolder(shuffled);
  expect(brief(await ask(server, "Task/a/_history"))).toBe('PUT Task/a W/"10", PUT Task/a W/"9", PUT Task/a W/"1"');
  expect(brief(await ask(server, "Task/_history"))).toBe('PUT Task/a W/"10", PUT Task/a W/"9", PUT Task/b W/"1", PUT Task/a W/"1"');
  expect(await ask(server, "Task/a")).toMatchObject({ meta: { versionId: "10" } });
  expect(await ask(server, "Task/a/_history/9")).toMatchObject({ meta: { versionId: "9" } });
  expect(resourcesOf(await ask(server, "Task")).map(({ meta }) => meta?.versionId)).toEqual(["1", "10"]);
});

test("an entry of a history says what was done, when, and to which version it led", async () => {
  const server = await serveFolder({
    "a.ndjson": lines(version("a", "1", "2026-03-01T10:00:00Z"), version("a", "2", "2026-03-01T11:00:00+01:00")),
    "b.json": JSON.stringify({
      resourceType: "Bundle",
      type: "history",
      entry: [
        {
          fullUrl: "urn:a",
          request: { method: "DELETE", url: "Task/a" },
          response: { status: "204", etag: 'W/"3"', lastModified: "2026-03-02T10:00:00Z" },
        },
      ],
    }),
  });
  const entry = (rest: object): object => ({ fullUrl: `${server.url}/Task/a`, ...rest });
  expect(await ask(server, "Task/a/_history")).toEqual({
    status: 200,
    resourceType: "Bundle",
    type: "history",
    total: 3,
    link: [{ relation: "self", url: `${server.url}/Task/a/_history` }],
    entry: [
      entry({
        request: { method: "DELETE", url: "Task/a" },
        response: { status: "204 No Content", etag: 'W/"3"', lastModified: "2026-03-02T10:00:00.000Z" },
      }),
      entry({
        resource: version("a", "2", "2026-03-01T11:00:00+01:00"),
        request: { method: "PUT", url: "Task/a" },
        response: { status: "200 OK", etag: 'W/"2"', lastModified: "2026-03-01T10:00:00.000Z" },
      }),
      entry({
        resource: version("a", "1", "2026-03-01T10:00:00Z"),
        request: { method: "PUT", url: "Task/a" },
        response: { status: "201 Created", etag: 'W/"1"', lastModified: "2026-03-01T10:00:00.000Z" },
      }),
    ],
  });
  expect(await ask(server, "Task/a")).toMatchObject({ status: 410, issue: [{ code: "deleted" }] });
  expect(await ask(server, "Task/a/_history/3")).toMatchObject({ status: 410, issue: [{ code: "deleted" }] });
  expect(await ask(server, "Task/a/_history/2")).toMatchObject({ status: 200, meta: { versionId: "2" } });
  expect(await ask(server, "Task")).toMatchObject({ total: 0 });
});

test("a read names its version and its time", async () => {
  const server = await serveFolder(shuffled);
  const response = await fetch(`${server.url}/Task/a`);
  expect(response.headers.get("etag")).toBe('W/"10"');
  expect(response.headers.get("last-modified")).toBe("Mon, 02 Mar 2026 10:00:00 GMT");
});

test("a history begins at _since, that moment included, and comes in pages", async () => {
  const server = await serveFolder(shuffled);
  expect(brief(await ask(server, "Task/_history?_since=2026-03-01T12:00:00Z"))).toBe(
    'PUT Task/a W/"10", PUT Task/a W/"9", PUT Task/b W/"1"',
  );
  expect(brief(await ask(server, "Task/a/_history?_since=2026-03-01T10:00:00.001Z"))).toBe('PUT Task/a W/"10", PUT Task/a W/"9"');
  expect(brief(await ask(server, "Task/_history?_since=2026-03-03"))).toBe("");
  const pages = await askAll(server, "Task/_history?_count=3");
  expect(pages.map((page) => page.entry?.length)).toEqual([3, 1]);
  expect(brief(...pages)).toBe(brief(await ask(server, "Task/_history")));
});

test.each(["_at=2026-03-01", "_since=yesterday", "_sort=date"])(
  "a history with %s is refused, and the answer says what would not be",
  async (params) => {
    const server = await serveFolder(shuffled);
    expect(await ask(server, `Task/_history?${params}`)).toMatchObject({
      status: 400,
      issue: [{ diagnostics: "A history can be asked for with _since (a FHIR instant) and _count." }],
    });
  },
);

test("versions that come without a number are numbered in their order", async () => {
  const server = await serveFolder({
    "a.ndjson": lines(
      { resourceType: "Task", id: "a", lastModified: "2026-03-02T10:00:00Z" },
      { resourceType: "Task", id: "a", lastModified: "2026-03-01T10:00:00Z" },
      { lastModified: "2026-03-01T10:00:00Z", id: "a", resourceType: "Task" },
    ),
  });
  expect(brief(await ask(server, "Task/a/_history"))).toBe('PUT Task/a W/"2", PUT Task/a W/"1"');
  expect(await ask(server, "Task/a/_history/1")).toMatchObject({ lastModified: "2026-03-01T10:00:00Z" });
});

test("of two contents under one version id the newer is held, and the other listed", async () => {
  const server = await serveFolder({
    "a.ndjson": lines(
      task("a", "2026-03-02T10:00:00Z", { status: "completed" }),
      task("a", "2026-03-01T10:00:00Z", { status: "requested" }),
    ),
  });
  expect(server.unservable).toEqual([
    { file: "a.ndjson", line: 2, reason: "Another content of the same record has its version id, and is newer." },
  ]);
  expect(resourcesOf(await ask(server, "Task/a/_history"))).toEqual([task("a", "2026-03-02T10:00:00Z", { status: "completed" })]);
});

test("a version that comes again, changed, stands where its newer content does", async () => {
  const server = await serveFolder({
    "a.ndjson": lines(
      version("a", "1", "2026-03-01T10:00:00Z"),
      version("a", "2", "2026-03-01T11:00:00Z"),
      version("a", "1", "2026-03-01T12:00:00Z"),
    ),
  });
  expect(brief(await ask(server, "Task/a/_history"))).toBe('PUT Task/a W/"1", PUT Task/a W/"2"');
});

test.each(["north", "south", "west"] as const)("the histories of %s hold every version once", async (site) => {
  const server = await serveFolder(fixtureSite(site), { withhold: false });
  const expected = new Map<string, Set<string>>();
  const all: FolderItem[] = [];
  for await (const some of readFolder(fixtureSite(site))) all.push(...some);
  for (const item of all) {
    const { resourceType, id, meta } = (item as { resource: Resource }).resource;
    if (id === undefined) continue;
    expected.set(resourceType, (expected.get(resourceType) ?? new Set()).add(`${id} ${meta?.versionId}`));
  }
  expect(expected.size).toBeGreaterThan(10);
  for (const [type, versions] of expected) {
    const pages = await askAll(server, `${type}/_history?_count=3`);
    const found = resourcesOf(...pages).filter(({ id }) => !/^[0-9a-f]{32}$/.test(id ?? ""));
    expect(found.map(({ id, meta }) => `${id} ${meta?.versionId}`).sort()).toEqual([...versions].sort());
    for (const id of new Set(found.map((each) => each.id))) {
      const ofRecord = resourcesOf(await ask(server, `${type}/${id}/_history`));
      expect(ofRecord).toEqual(found.filter((each) => each.id === id));
    }
  }
});
