import { expect, test } from "vitest";
import type { FolderItem } from "../../src/fhir/folder-item.ts";
import { readFolder } from "../../src/fhir/read-folder.ts";
import { openPages, type Page } from "../../src/fhir-server/pages.ts";
import { ask, askAll, fixtureSite, idsOf, lines, nextOf, resourcesOf, serveFolder, task, type Resource } from "./serve-folder.ts";

/** The newest version of each record of a folder, by type, as the engine's own reader reads it; no AuditEvent has two. */
async function newestOf(folder: string): Promise<Map<string, Resource[]>> {
  const newest = new Map<string, Resource>();
  const all: FolderItem[] = [];
  for await (const some of readFolder(folder)) all.push(...some);
  for (const item of all) {
    if (item.kind !== "resource") continue;
    const resource = item.resource as Resource;
    const known = newest.get(nameOf(resource));
    if (resource.id === undefined && resource.resourceType !== "AuditEvent") continue;
    if (known === undefined || Number(resource.meta?.versionId) > Number(known.meta?.versionId)) newest.set(nameOf(resource), resource);
  }
  return Map.groupBy(newest.values(), ({ resourceType }) => resourceType);
}

function nameOf({ resourceType, id }: Resource): string {
  return `${resourceType}/${id ?? "without id"}`;
}

/** Without the ids that the server gives. */
function asFound(resource: Resource): string {
  const { id = "", ...rest } = resource;
  return JSON.stringify({ ...rest, ...(/^([0-9a-f]{32})?$/.test(id) ? {} : { id }) });
}

test.each(["north", "south", "west"] as const)("the pages of every type of %s hold each current record once", async (site) => {
  const server = await serveFolder(fixtureSite(site), { withhold: false });
  for (const [type, expected] of await newestOf(fixtureSite(site))) {
    for (const count of [1, 2, 7, 50, 1_000]) {
      const pages = await askAll(server, `${type}?_count=${count}`);
      const found = resourcesOf(...pages);
      expect(found.map(asFound).sort()).toEqual(expected.map(asFound).sort());
      const full = Math.min(count, 200);
      expect(pages.map((page) => [page.total, resourcesOf(page).length])).toEqual(
        pages.map((_, index) => [expected.length, Math.min(full, expected.length - index * full)]),
      );
    }
  }
});

test("a page is as long as the server says: a larger _count is cut without a word", async () => {
  const all = Array.from({ length: 12 }, (_, index) => task(`t${index}`, "2026-03-01T10:00:00Z"));
  const server = await serveFolder({ "a.ndjson": lines(...all) }, { maxCount: 5, pageSize: 4 });
  const lengths = async (path: string): Promise<number[]> => (await askAll(server, path)).map((page) => resourcesOf(page).length);
  expect(await lengths("Task")).toEqual([4, 4, 4]);
  expect(await lengths("Task?_count=100")).toEqual([5, 5, 2]);
  expect(await lengths("Task?_count=6")).toEqual([5, 5, 2]);
  expect(await lengths("Task/_history?_count=100")).toEqual([5, 5, 2]);
  const byId = all.map(({ id }) => id).sort();
  expect([idsOf(...(await askAll(server, "Task"))), idsOf(...(await askAll(server, "Task/_history")))]).toEqual([byId, byId]);
});

test("a page can be asked for again, and a link says nothing that could be worked out", async () => {
  const all = Array.from({ length: 4 }, (_, index) => task(`t${index}`, "2026-03-01T10:00:00Z"));
  const server = await serveFolder({ "a.ndjson": lines(...all) });
  const next = nextOf(await ask(server, "Task?_count=1"))!;
  expect(next).toMatch(/\/fhir\?_page=[0-9a-f-]{36}$/);
  const [once, again] = [await ask(server, next), await ask(server, next)];
  expect([idsOf(once), idsOf(again)]).toEqual([["t1"], ["t1"]]);
  expect(once.link?.find(({ relation }) => relation === "self")?.url).toBe(next);
  expect(nextOf(again)).not.toBe(next);
  expect(idsOf(await ask(server, nextOf(once)!), await ask(server, nextOf(again)!))).toEqual(["t2", "t2"]);
});

test("the pages linked to first are forgotten first", () => {
  const pages = openPages(2);
  const page = (from: number): Page => ({ result: { kind: "history", versions: [], pageSize: 1 }, from });
  const [first, second, third] = [1, 2, 3].map((from) => pages.remember(page(from)));
  expect([first, second, third].map((token) => pages.find(token!)?.from)).toEqual([undefined, 2, 3]);
});
