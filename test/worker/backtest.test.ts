import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { Signal } from "../../src/domain/signal.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { backtest } from "../../src/worker/backtest.ts";
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
const config = siteConfig(loadConfig({ env: {} }), "default");
const signalOf = (id: string): Signal => readCatalogue().find(({ signal }) => signal.id === id)!.signal;
const done = task("done", { status: "completed", executionPeriod: { end: "2026-03-01T13:00:00Z" } });
const resources = [done, task("open", { owner: { reference: "Organization/ward" } }), task("routine", { priority: "routine" })];

async function everything(): Promise<unknown> {
  const tables = [
    "care_event",
    "loop",
    "closing_seen",
    "patient_wake",
    "dirty_patient",
    "dirty_record",
    "signal_version",
    "signal_in_force",
    "site",
    "record",
  ] as const;
  return Promise.all(
    tables.map(async (table) =>
      (await connection.db.selectFrom(table).selectAll().execute())
        .map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)))
        .sort(),
    ),
  );
}

describe("a backtest", () => {
  test("says what a definition would find, against the one in force, and writes nothing", async () => {
    await scanResources(connection, { resources, coverage, now: "2026-03-10T00:00:00Z", signals: catalogue });
    const before = await everything();
    const [was, is] = [signalOf("task-overdue"), signalOf("task-overdue")];
    if (!was.loop || !is.loop) throw new Error("task-overdue is a loop");
    const same = await backtest(connection, config, was);
    expect(same).toEqual({
      now: Date.parse("2026-03-10T00:00:00Z"),
      weeks: 2,
      verdicts: { met: 1, missed: 1, pending: 1 },
      teams: [{ team: "Organization/ward", findings: 1 }],
      against: { version: 1, fresh: 0, gone: 0, changed: 0 },
    });
    // Two hours for everything: what was done in three is late, and the routine one is missed.
    const limit = { withinMs: 2 * 3_600_000, duration: "PT2H", basis: "local default" };
    const stricter = await backtest(connection, config, { ...is, version: 2, loop: { ...is.loop, limits: [limit] } });
    expect(stricter).toMatchObject({ verdicts: { late: 1, missed: 2 }, against: { version: 1, fresh: 0, gone: 0, changed: 3 } });
    const narrower = await backtest(connection, config, {
      ...is,
      loop: { ...is.loop, opens: [{ activity: ["task.requested"], where: { priority: ["routine"] } }] },
    });
    expect(narrower).toMatchObject({ verdicts: { pending: 1 }, teams: [], against: { fresh: 0, gone: 2, changed: 0 } });
    expect(await everything()).toEqual(before);
  });

  test("tries a signal whose care events nobody has asked for yet", async () => {
    const fit = {
      resourceType: "Observation",
      id: "fit",
      meta: { versionId: "1", lastUpdated: "2026-03-02T09:00:00Z" },
      status: "final",
      category: [{ coding: [{ code: "laboratory" }] }],
      code: { coding: [{ system: "http://loinc.org", code: "29771-3" }] },
      subject: { reference: "Patient/p" },
      interpretation: [{ coding: [{ code: "POS" }] }],
      effectiveDateTime: "2026-03-02T09:00:00Z",
    };
    await scanResources(connection, {
      resources: [...resources, fit],
      coverage: { ...coverage, Procedure: coverage.Task },
      now: "2026-03-10T00:00:00Z",
    });
    expect(await backtest(connection, config, signalOf("trigger-fit"))).toMatchObject({ verdicts: { pending: 1 }, against: undefined });
    expect(await listVerdicts(connection, "trigger-fit")).toEqual([]);
  });
});
