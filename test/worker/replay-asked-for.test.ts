import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { listSeenSites } from "../../src/insight/seen-sites.ts";
import { askForRun, claimDueRuns, listDueRuns } from "../../src/store/due-run.ts";
import { countQuarantine, listQuarantine } from "../../src/store/quarantine.ts";
import { listRuns } from "../../src/store/run.ts";
import { getSite } from "../../src/store/site.ts";
import { replayQuarantine } from "../../src/worker/replay.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { quarantineAt, refusalOf, usableTask } from "../store/quarantined-here.ts";
import { look, makeSchedule, makeSite } from "./make-scheduler.ts";

const connection: Connection = await scratchDatabase();
const { db } = connection;
afterAll(() => connection.close());

const noon = Date.parse("2026-03-03T12:00:00Z");
const site = makeSite("north", { schedule: makeSchedule("off", "off") });
let siteId: number;
beforeEach(async () => {
  await truncateAll(db);
  siteId = (await getSite(db, "north")).siteId;
  // The first run of all notes the mapping; with another than before, what is in quarantine is tried again anyway.
  await askForRun(db, { siteId, kind: "increment", at: noon - 1, by: "dr", id: randomUUID() });
  await look(connection, [site], () => noon - 1);
  await quarantineAt(
    connection,
    "north",
    refusalOf(usableTask("one")),
    refusalOf(usableTask("two")),
    refusalOf({ resourceType: "Task", status: "requested" }, { code: "no-id" }),
  );
});

const ask = (keys?: readonly bigint[]) => askForRun(db, { siteId, kind: "replay", at: noon, by: "dr", id: randomUUID(), keys });
const held = async (): Promise<string[]> =>
  (await db.selectFrom("record").select("id").where("type", "=", "Task").orderBy("id").execute()).map(({ id }) => id);

test("the worker takes in what can be used now, judges the site, and settles it", async () => {
  await ask();
  const [settled] = await look(connection, [site], () => noon);
  expect(settled).toMatchObject({ kind: "replay", settled: 1, outcome: { summary: { run: { kind: "detect", state: "incomplete" } } } });
  expect(await held()).toEqual(["one", "two"]);
  expect(await countQuarantine(db)).toEqual([{ site: "north", code: "no-id", type: "Task", count: 1 }]);
  expect((await listDueRuns(db, siteId, 9)).map(({ kind, state }) => `${kind} ${state}`)).toEqual(["replay done", "increment done"]);
  const loops = await db.selectFrom("loop").select("signal").execute();
  expect(loops.map(({ signal }) => signal)).toEqual(["task-overdue", "task-overdue"]);
});

test("of some keys only these are tried, by one run for all who asked", async () => {
  const rows = (await listQuarantine(db, { limit: 9 })).filter(({ code }) => code === "no-time");
  await ask([rows[0]!.key]);
  await look(connection, [site], () => noon);
  expect(await held()).toHaveLength(1);
  await ask([rows[1]!.key]);
  await ask();
  const [settled] = await look(connection, [site], () => noon);
  expect(settled).toMatchObject({ settled: 2 });
  expect(await held()).toEqual(["one", "two"]);
});

test("a process that dies in between loses nothing and doubles nothing: whoever looks next does it again", async () => {
  await ask();
  const died = randomUUID();
  // Its claim, and all that its replay had come to: the resources are stored, and still in quarantine.
  expect(await claimDueRuns(db, { siteId, now: noon, runId: died })).toEqual([{ kind: "replay" }]);
  await replayQuarantine(connection, { config: site }, { clock: () => noon, makeId: () => died, random: () => 0 });
  await quarantineAt(connection, "north", refusalOf(usableTask("one")), refusalOf(usableTask("two")));
  await db.updateTable("run").set({ state: "running" }).where("run_id", "=", died).execute();

  const [settled] = await look(connection, [site], () => noon);
  expect(settled).toMatchObject({ settled: 1 });
  expect(await held()).toEqual(["one", "two"]);
  expect(await db.selectFrom("resource_version").select("resource_key").execute()).toHaveLength(2);
  expect(await countQuarantine(db)).toEqual([{ site: "north", code: "no-id", type: "Task", count: 1 }]);
  expect((await listRuns(db, siteId, 9)).map(({ state }) => state).toSorted()).toEqual(["incomplete", "incomplete", "interrupted"]);
  await ask();
  await look(connection, [site], () => noon);
  expect(await db.selectFrom("resource_version").select("resource_key").execute()).toHaveLength(2);
});

test("a replay on the command line judges nothing, so the site is seen no more completely than before", async () => {
  await ask();
  await look(connection, [site], () => noon);
  await replayQuarantine(connection, { config: site }, { clock: () => noon + 1, makeId: randomUUID, random: () => 0 });
  const [seen] = await listSeenSites(db, ["north"]);
  expect(seen?.judged).toMatchObject({ isWhole: false, summary: { run: { kind: "detect" } } });
});
