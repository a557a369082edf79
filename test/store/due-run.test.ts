import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { DueKind } from "../../src/domain/schedule.ts";
import { addSlots, askForRun, claimDueRuns, findDueRun, listDueRuns } from "../../src/store/due-run.ts";
import { getSite } from "../../src/store/site.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";

const { db, close } = await scratchDatabase();
const ten = Date.parse("2026-03-02T10:00:00Z");
let siteId = 0;

afterAll(close);
beforeEach(async () => {
  await truncateAll(db);
  siteId = (await getSite(db, "north")).siteId;
});

const ask = (kind: DueKind, at = ten, id: string = randomUUID()) => askForRun(db, { siteId, kind, at, by: "dr", id });

test("who asks for a run is given it, and again whoever asks while it waits", async () => {
  const id = randomUUID();
  const asked = { id, site: "north", kind: "increment", dueAt: ten, askedBy: "dr", state: "waiting", runId: undefined };
  expect(await ask("increment", ten, id)).toEqual(asked);
  expect(await ask("increment", ten + 5_000)).toEqual(asked);
  expect(await ask("increment", ten, id)).toEqual(asked);
  expect(await findDueRun(db, id)).toEqual(asked);
  expect(await listDueRuns(db, siteId, 10)).toEqual([asked]);
  expect((await ask("reconcile")).id).not.toBe(id);
});

test("what a run works on is no longer what waits: to ask is to ask for the next", async () => {
  const first = await ask("increment");
  const runId = randomUUID();
  expect(await claimDueRuns(db, { siteId, now: ten, runId })).toEqual([{ kind: "increment" }]);
  const second = await ask("increment", ten + 1);
  expect(await listDueRuns(db, siteId, 10)).toEqual([second, { ...first, state: "running", runId }]);
});

test("many who ask at once are given one", async () => {
  const asked = await Promise.all(Array.from({ length: 8 }, (_, place) => ask("increment", ten + place)));
  expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
});

test("a run that is asked for at the instant of a slot is another than the slot; the list shows the latest, as many as wanted", async () => {
  const slot = { id: randomUUID(), siteId, kind: "increment" as const, dueAt: ten };
  await addSlots(db, [slot, { ...slot, id: randomUUID(), dueAt: ten - 3_600_000 }]);
  await addSlots(db, [{ ...slot, id: randomUUID() }]);
  const asked = await ask("increment");
  const listed = await listDueRuns(db, siteId, 2);
  expect(new Set(listed.map(({ id }) => id))).toEqual(new Set([asked.id, slot.id]));
  expect(await listDueRuns(db, siteId, 9)).toHaveLength(3);
  expect(await findDueRun(db, randomUUID())).toBeUndefined();
});

test("no run claims what is not due yet", async () => {
  await ask("increment", ten + 1);
  expect(await claimDueRuns(db, { siteId, now: ten, runId: randomUUID() })).toEqual([]);
});
