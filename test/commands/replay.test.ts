import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { listQuarantine } from "../../src/store/quarantine.ts";
import { getSite } from "../../src/store/site.ts";
import { replayQuarantine } from "../../src/worker/replay.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { quarantineAt, refusalOf, usableTask } from "../store/quarantined-here.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const config = siteConfig({ dataFolder: "", sites: [] }, "default");
const process = { clock: () => Date.parse("2026-03-03T00:00:00Z"), makeId: randomUUID, random: () => 0 };
const usable = usableTask("t");

test("what can be used now is stored and leaves the quarantine, what cannot stays, and a second replay changes nothing", async () => {
  await quarantineAt(
    connection,
    "default",
    refusalOf(usable),
    refusalOf({ resourceType: "Task", status: "requested" }, { code: "no-id" }),
    // The letters of bytes that are no UTF-8 parse as JSON, and are not what was written.
    refusalOf(usableTask("latin"), { code: "not-utf8", type: undefined, eventAt: undefined }),
    refusalOf('{"resourceType": "Task", "id"', { code: "truncated", type: undefined, eventAt: undefined }),
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
  await quarantineAt(connection, "default", refusalOf(usable), refusalOf(usableTask("other")));
  const rows = (await listQuarantine(connection.db, { limit: 10 })).filter(({ code }) => code === "no-time");
  expect(rows).toHaveLength(2);
  const replays = [];
  for (const { key } of rows) replays.push(await replayQuarantine(connection, { config, keys: [key] }, process));
  expect(replays.map(({ tried, stored, duplicate, left }) => [tried, stored, duplicate, left]).sort()).toEqual([
    [1, 0, 1, 0],
    [1, 1, 0, 0],
  ]);
});
