import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { Signal } from "../../src/domain/signal.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { task } from "../store/small-ward.ts";
import { catalogue, listVerdicts, scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const coverage = { Task: [["2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"] as const] };

function overdue(version: number, withinHours: number): Signal {
  const signal = catalogue.find(({ id }) => id === "task-overdue");
  if (!signal) throw new Error("the catalogue has no task-overdue");
  const limit = { withinMs: withinHours * 3_600_000, duration: `PT${String(withinHours)}H`, basis: "local default" };
  return { ...signal, version, loop: { ...signal.loop, limits: [limit] } };
}

test("a loop is judged by the version in force when it opened, after a rebuild too", async () => {
  const asked = (id: string, authoredOn: string) => task(id, { authoredOn, meta: { versionId: "1", lastUpdated: authoredOn } });
  await scanResources(connection, {
    resources: [asked("early", "2026-03-01T10:00:00Z")],
    coverage,
    now: "2026-03-02T00:00:00Z",
    signals: [overdue(1, 48)],
  });
  await scanResources(connection, {
    resources: [asked("late", "2026-03-02T10:00:00Z")],
    coverage,
    now: "2026-03-02T12:00:00Z",
    signals: [overdue(2, 4)],
  });
  // The second came into force at the scan that first used it, after the later Task was asked for.
  expect(await listVerdicts(connection, "task-overdue")).toEqual([
    "early pending 2026-03-03T10:00:00.000Z",
    "late pending 2026-03-04T10:00:00.000Z",
  ]);
  await scanResources(connection, {
    resources: [asked("latest", "2026-03-02T13:00:00Z")],
    coverage,
    now: "2026-03-02T14:00:00Z",
    signals: [overdue(2, 4)],
  });
  expect(await listVerdicts(connection, "task-overdue")).toContain("latest pending 2026-03-02T17:00:00.000Z");
});

test("changed logic under a version that is in force is refused", async () => {
  await scanResources(connection, { resources: [task("t")], coverage, now: "2026-03-02T00:00:00Z", signals: [overdue(1, 48)] });
  await expect(scanResources(connection, { now: "2026-03-02T00:00:00Z", signals: [overdue(1, 24)] })).rejects.toMatchObject({
    code: "signal-changed",
  });
});

test("watching starts at --since, written once; another instant is refused", async () => {
  await scanResources(connection, { resources: [task("t")], coverage, now: "2026-03-02T00:00:00Z", since: "2026-03-01T12:00:00Z" });
  expect(await listVerdicts(connection, "task-overdue")).toEqual(["t unknown never-seen 2026-03-01T14:00:00.000Z before"]);
  await expect(scanResources(connection, { now: "2026-03-02T00:00:00Z", since: "2026-03-01T00:00:00Z" })).rejects.toMatchObject({
    code: "since-already-written",
  });
});
