import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { addCoverage } from "../../src/store/coverage.ts";
import { listQuarantine } from "../../src/store/quarantine.ts";
import { getSite } from "../../src/store/site.ts";
import { replayQuarantine } from "../../src/worker/replay.ts";
import { storeBatch } from "../../src/worker/store-batch.ts";
import type { Refusal } from "../../src/worker/store-refusals.ts";
import { scratchDatabase } from "../db/scratch-database.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const hour = Date.parse("2026-03-02T09:00:00Z");
const config = siteConfig({ dataFolder: "", sites: [] }, "default");
const process = { clock: () => Date.parse("2026-03-03T00:00:00Z"), makeId: randomUUID };
const usable = { resourceType: "Task", id: "t", status: "requested", intent: "order", authoredOn: "2026-03-02T09:20:00Z" };

function refusal(body: string, more: Partial<Refusal> = {}): Refusal {
  return {
    type: "Task",
    code: "no-time",
    reason: "An older version could not place it.",
    file: "Task.ndjson",
    line: 1,
    body,
    names: [],
    patient: undefined,
    identity: body,
    eventAt: hour,
    ...more,
  };
}

/** As an older version of ours left it behind. */
async function quarantine(...refusals: Refusal[]): Promise<void> {
  const site = await getSite(connection.db, "default");
  const runId = randomUUID();
  await addCoverage(connection.db, site.siteId, "folder", []);
  await storeBatch(connection.db, { siteId: site.siteId, site, source: "folder", runId }, { arrivals: [], refusals, skipped: new Map() });
}

test("what can be used now is stored and leaves the quarantine, what cannot stays, and a second replay changes nothing", async () => {
  await quarantine(
    refusal(JSON.stringify(usable)),
    refusal(JSON.stringify({ resourceType: "Task", status: "requested" }), { code: "no-id" }),
    // The letters of bytes that are no UTF-8 parse as JSON, and are not what was written.
    refusal(JSON.stringify({ ...usable, id: "latin" }), { code: "not-utf8", type: undefined, eventAt: undefined }),
    refusal('{"resourceType": "Task", "id"', { code: "truncated", type: undefined, eventAt: undefined }),
  );
  const first = await replayQuarantine(connection, { config }, process);
  expect(first).toEqual({ site: "default", tried: 4, stored: 1, duplicate: 0, skipped: 0, left: 3 });
  const { db } = connection;
  expect(await db.selectFrom("resource_version").select("type").execute()).toEqual([{ type: "Task" }]);
  expect(await db.selectFrom("dirty_record").select("expanded").execute()).toHaveLength(1);
  expect((await listQuarantine(db, { limit: 10 })).map(({ code }) => code).sort()).toEqual(["no-id", "not-utf8", "truncated"]);
  expect(await db.selectFrom("feed_hour").select(["type", "understood", "unreadable"]).execute()).toEqual([
    { type: "Task", understood: 1, unreadable: 1 },
  ]);
  expect((await getSite(db, "default")).latestAt).toBe(Date.parse("2026-03-02T09:20:00Z"));

  const second = await replayQuarantine(connection, { config }, process);
  expect(second).toEqual({ site: "default", tried: 3, stored: 0, duplicate: 0, skipped: 0, left: 3 });
  expect(await db.selectFrom("resource_version").select("type").execute()).toHaveLength(1);
});

test("what is held already only leaves the quarantine; a key names one", async () => {
  await quarantine(refusal(JSON.stringify(usable)), refusal(JSON.stringify({ ...usable, id: "other" })));
  const rows = (await listQuarantine(connection.db, { limit: 10 })).filter(({ code }) => code === "no-time");
  expect(rows).toHaveLength(2);
  const replays = [];
  for (const { key } of rows) replays.push(await replayQuarantine(connection, { config, keys: [key] }, process));
  expect(replays.map(({ tried, stored, duplicate, left }) => [tried, stored, duplicate, left]).sort()).toEqual([
    [1, 0, 1, 0],
    [1, 1, 0, 0],
  ]);
});
