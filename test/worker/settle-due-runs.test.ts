import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { withSiteLock } from "../../src/db/site-lock.ts";
import type { Instant } from "../../src/domain/instant.ts";
import { askForRun, listDueRuns } from "../../src/store/due-run.ts";
import { finishRun, listRuns } from "../../src/store/run.ts";
import { getSite } from "../../src/store/site.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { countStatements } from "../property/count-statements.ts";
import { look, makeSchedule, makeSite } from "./make-scheduler.ts";

const connection = await scratchDatabase();
const { db } = connection;
const at = (time: string): Instant => Date.parse(`2026-03-02T${time}Z`);

afterAll(() => connection.close());
beforeEach(() => truncateAll(db));

const lookAt = (time: string, ...sites: Parameters<typeof look>[1]) => look(connection, sites, () => at(time));

/** `kind time state`, the latest first; and which of them one run settled. */
async function listSlots(site: string): Promise<string[]> {
  const rows = await listDueRuns(db, (await getSite(db, site)).siteId, 100);
  return rows.map(({ kind, dueAt, state, askedBy }) => {
    return `${new Date(dueAt).toISOString().slice(5, 16)} ${kind} ${state}${askedBy === undefined ? "" : ` for ${askedBy}`}`;
  });
}

describe("what is due", () => {
  test("a site is scanned when it is first seen, and then at each slot of its own, once", async () => {
    const north = makeSite("north", { schedule: makeSchedule("0 * * * *", "off") });
    expect(await lookAt("10:20:00", north)).toMatchObject([{ site: "north", kind: "increment", settled: 1 }]);
    expect(await lookAt("10:59:59", north)).toEqual([]);
    expect(await lookAt("11:00:00", north)).toMatchObject([{ site: "north", kind: "increment", settled: 1, startedAt: at("11:00:00") }]);
    expect(await lookAt("11:00:05", north)).toEqual([]);
    expect(await listSlots("north")).toEqual(["03-02T11:00 increment done", "03-02T10:00 increment done"]);
  });

  test("slots that went by while nobody looked are settled together, by one run, the increments by the reconcile", async () => {
    const north = makeSite("north", { schedule: makeSchedule("0 */2 * * *", "30 1 * * *") });
    await look(connection, [north], () => at("00:00:00"));
    const [settled, ...more] = await lookAt("04:10:00", north);
    expect(more).toEqual([]);
    expect(settled).toMatchObject({ site: "north", kind: "reconcile", settled: 3 });
    const { siteId } = await getSite(db, "north");
    expect((await listDueRuns(db, siteId, 3)).map(({ kind, dueAt, state, runId }) => ({ kind, dueAt, state, runId }))).toEqual([
      { kind: "increment", dueAt: at("04:00:00"), state: "done", runId: settled!.runId },
      { kind: "increment", dueAt: at("02:00:00"), state: "done", runId: settled!.runId },
      { kind: "reconcile", dueAt: at("01:30:00"), state: "done", runId: settled!.runId },
    ]);
    expect((await listRuns(db, siteId, 9)).map(({ id }) => id)[0]).toBe(settled!.runId);
  });

  test("the slots are those of the site's time zone", async () => {
    const schedule = makeSchedule("off", "30 1 * * *");
    await lookAt("08:00:00", makeSite("york", { schedule }), makeSite("new-york", { schedule, timeZone: "America/New_York" }));
    expect([await listSlots("york"), await listSlots("new-york")]).toEqual([
      ["03-02T01:30 reconcile done"],
      ["03-02T06:30 reconcile done"],
    ]);
  });

  test("a schedule that is off has none; a site that is held and not configured has the usual ones", async () => {
    await getSite(db, "held");
    await lookAt("10:20:00", makeSite("north", { schedule: makeSchedule("off", "off") }));
    expect(await listSlots("north")).toEqual([]);
    expect(await listSlots("held")).toEqual(["03-02T10:00 increment done", "03-02T01:30 reconcile done"]);
  });

  test("a run that is asked for happens at the next look, though the schedule is off", async () => {
    const north = makeSite("north", { schedule: makeSchedule("off", "off") });
    const { siteId } = await getSite(db, "north");
    await askForRun(db, { siteId, kind: "increment", at: at("10:20:03"), by: "dr", id: randomUUID() });
    expect(await lookAt("10:20:02", north)).toEqual([]);
    expect(await lookAt("10:20:05", north)).toMatchObject([{ site: "north", kind: "increment", settled: 1 }]);
    expect(await listSlots("north")).toEqual(["03-02T10:20 increment done for dr"]);
  });
});

describe("what goes wrong", () => {
  const broken = makeSite("broken", { sources: [{ name: "epr", folder: "/nowhere/at/all" }] });

  test("a run that fails settles its slots as failed, the next slot tries again, and other sites are scanned all the same", async () => {
    const settled = await lookAt("10:20:00", broken, makeSite("north"));
    expect(settled.map(({ site, outcome }) => [site, "error" in outcome])).toEqual([
      ["broken", true],
      ["north", false],
    ]);
    expect(await lookAt("10:30:00", broken)).toEqual([]);
    expect(await listSlots("broken")).toEqual(["03-02T10:00 increment failed", "03-02T01:30 reconcile failed"]);
    expect(await lookAt("11:00:00", makeSite("broken"))).toMatchObject([{ site: "broken", settled: 1 }, { site: "north" }]);
    const { siteId } = await getSite(db, "broken");
    const [retry, first] = await listDueRuns(db, siteId, 2);
    const runs = new Map((await listRuns(db, siteId, 9)).map(({ id, state }) => [id, state]));
    expect([runs.get(first!.runId!), runs.get(retry!.runId!)]).toEqual(["failed", "incomplete"]);
  });

  test("what somebody else scans now is left to them, and waits", async () => {
    const north = makeSite("north");
    const { siteId } = await getSite(db, "north");
    await withSiteLock(connection, siteId, "north", async () => {
      expect(await lookAt("10:20:00", north, makeSite("south"))).toMatchObject([{ site: "south" }]);
    });
    expect(await listSlots("north")).toEqual(["03-02T10:00 increment waiting", "03-02T01:30 reconcile waiting"]);
    expect(await lookAt("10:20:05", north)).toMatchObject([{ site: "north", settled: 2 }]);
  });

  test("looks that are taken at once, by one process or by several, settle each slot once", async () => {
    const sites = ["a", "b", "c"].map((name) => makeSite(name));
    const settled = (await Promise.all(Array.from({ length: 4 }, () => lookAt("10:20:00", ...sites)))).flat();
    expect(settled.map(({ site, settled: slots }) => [site, slots]).sort()).toEqual([
      ["a", 2],
      ["b", 2],
      ["c", 2],
    ]);
  });

  test("what a run had claimed that died is settled by another, and the dead one is interrupted", async () => {
    const north = makeSite("north");
    const dying = dyingConnection((updated) => updated === "site");
    await expect(look(dying, [north], () => at("10:20:00"))).rejects.toThrow("dead");
    expect(await listSlots("north")).toEqual(["03-02T10:00 increment running", "03-02T01:30 reconcile running"]);
    const [settled] = await lookAt("10:20:05", north);
    expect(settled).toMatchObject({ site: "north", settled: 2 });
    const { siteId } = await getSite(db, "north");
    expect((await listRuns(db, siteId, 9)).map(({ state }) => state)).toEqual(["incomplete", "interrupted"]);
    expect((await listDueRuns(db, siteId, 9)).map(({ runId }) => runId)).toEqual([settled!.runId, settled!.runId]);
  });

  test("a run that ended before its process died settles what it claimed: nothing is run twice", async () => {
    const { siteId } = await getSite(db, "north");
    const dying = dyingConnection((updated) => updated === "site");
    await expect(look(dying, [makeSite("north")], () => at("10:20:00"))).rejects.toThrow("dead");
    const [run] = await listRuns(db, siteId, 1);
    await finishRun(db, run!.id, { now: undefined, finishedAt: at("10:20:01"), state: "complete", summary: null });
    expect(await lookAt("10:20:05", makeSite("north"))).toEqual([]);
    expect(await listSlots("north")).toEqual(["03-02T10:00 increment done", "03-02T01:30 reconcile done"]);
  });
});

/** A process that dies when it is about to send the statement that is meant, by the table that it updates. */
function dyingConnection(isLast: (updates: string | undefined) => boolean): typeof connection {
  let isDead = false;
  return countStatements(connection, (_number, updates) => {
    isDead ||= isLast(updates);
    if (isDead) throw new Error("dead");
  });
}
