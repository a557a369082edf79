import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { LoopSignal, Signal } from "../../src/domain/signal.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { logicHash } from "../../src/signals/logic-hash.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { task } from "../store/small-ward.ts";
import { listVerdicts, scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const overdue = readCatalogue().find(({ signal }) => signal.id === "task-overdue")?.signal as LoopSignal;
const coverage = { Task: [["2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"] as const] };
const early = task("early");
/** Else nothing was ever seen to be done at the site. */
const done = task("done", { status: "completed", executionPeriod: { end: "2026-03-01T10:30:00Z" } });
const later = task("later", { authoredOn: "2026-03-10T10:00:00Z", meta: { versionId: "1", lastUpdated: "2026-03-10T10:00:00Z" } });

/** As a site's configuration makes it: every stat task within so many hours, the file unchanged. */
function withinHours(hours: number, more: Partial<Signal> = {}): Signal {
  const limits = [{ withinMs: hours * 3_600_000, duration: `PT${hours}H`, basis: "policy 12" }];
  const origin = { baseHash: logicHash(overdue), isOwn: false, changes: ["limits"] };
  return { ...overdue, loop: { ...overdue.loop, limits }, origin, ...more } as Signal;
}

const loops = async () => (await listVerdicts(connection, "task-overdue")).filter((line) => !line.startsWith("done"));

/** Loops whole, as rows: what a rebuild must end in too. */
async function everyLoop(): Promise<unknown[]> {
  const { rows } = await sql`select loop.*, patient_key::text, subject_key::text, opening_event::text from loop order by loop_id`.execute(
    connection.db,
  );
  return rows.map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)));
}

async function rebuilt(signal: Signal, now: string): Promise<unknown[]> {
  await scanResources(connection, { signals: [signal], now, rebuild: true });
  return everyLoop();
}

describe("a definition that a site's configuration changes", () => {
  test("judges what opens from then on; what was open before keeps the one that was in force; a rebuild says the same", async () => {
    await scanResources(connection, { resources: [early, done], coverage, now: "2026-03-05T00:00:00Z", signals: [overdue] });
    expect(await loops()).toEqual(["early missed 2026-03-01T14:00:00.000Z"]);
    await scanResources(connection, { resources: [later], coverage, now: "2026-03-09T00:00:00Z", signals: [withinHours(1)] });
    await scanResources(connection, { now: "2026-03-10T11:30:00Z", signals: [withinHours(1)] });
    expect(await loops()).toEqual(["early missed 2026-03-01T14:00:00.000Z", "later missed 2026-03-10T11:00:00.000Z"]);
    const incremental = await everyLoop();
    expect(await rebuilt(withinHours(1), "2026-03-10T11:30:00Z")).toEqual(incremental);
    const { rows } = await sql<{
      limit_basis: string;
      edition: string;
    }>`select limit_basis, edition from loop where verdict = 'missed' order by opened_at`.execute(connection.db);
    expect(rows).toEqual([
      { limit_basis: "local default", edition: logicHash(overdue) },
      { limit_basis: "policy 12", edition: logicHash(withinHours(1)) },
    ]);
  });

  test("goes back to what it was, and each time keeps what it judged", async () => {
    await scanResources(connection, { resources: [early, later, done], coverage, now: "2026-03-05T00:00:00Z", signals: [overdue] });
    await scanResources(connection, { now: "2026-03-09T00:00:00Z", signals: [withinHours(1)] });
    await scanResources(connection, { now: "2026-03-11T00:00:00Z", signals: [overdue] });
    await scanResources(connection, { now: "2026-03-12T00:00:00Z", signals: [overdue] });
    expect(await loops()).toEqual(["early missed 2026-03-01T14:00:00.000Z", "later missed 2026-03-10T11:00:00.000Z"]);
    const incremental = await everyLoop();
    expect(await rebuilt(overdue, "2026-03-12T00:00:00Z")).toEqual(incremental);
  });

  test("of two at one instant the last counts, and one from an instant not reached yet gives way to the next", async () => {
    await scanResources(connection, { resources: [early, later, done], coverage, now: "2026-03-09T00:00:00Z", signals: [overdue] });
    await scanResources(connection, { now: "2026-03-09T00:00:00Z", signals: [withinHours(1)] });
    await scanResources(connection, { now: "2026-03-09T00:00:00Z", signals: [withinHours(2)] });
    await scanResources(connection, { now: "2026-03-08T00:00:00Z", signals: [withinHours(3)] });
    await scanResources(connection, { now: "2026-03-11T00:00:00Z", signals: [withinHours(3)] });
    expect(await loops()).toEqual(["early missed 2026-03-01T14:00:00.000Z", "later missed 2026-03-10T13:00:00.000Z"]);
  });

  test("leaves other sites as they are", async () => {
    await scanResources(connection, { resources: [early, done], coverage, now: "2026-03-05T00:00:00Z", signals: [overdue], site: "other" });
    const before = await everyLoop();
    await scanResources(connection, { resources: [early, done], coverage, now: "2026-03-05T00:00:00Z", signals: [withinHours(1)] });
    expect(await everyLoop()).toEqual(expect.arrayContaining(before));
    expect(await loops()).toEqual(["early missed 2026-03-01T11:00:00.000Z", "early missed 2026-03-01T14:00:00.000Z"]);
  });

  test("shows a mended basis, and its tier, on what was judged before as well", async () => {
    await scanResources(connection, { resources: [early, done], coverage, now: "2026-03-05T00:00:00Z", signals: [overdue] });
    const limits = overdue.loop.limits.map((limit) => ({ ...limit, basis: "as agreed in March" }));
    const mended: Signal = { ...overdue, tier: "experimental", loop: { ...overdue.loop, limits } };
    await scanResources(connection, { now: "2026-03-06T00:00:00Z", signals: [mended] });
    const { rows } = await sql<{ basis: string; tier: string }>`select limit_basis as basis, definition ->> 'tier' as tier from loop
      join signal_version using (site_id, signal, edition) where verdict = 'missed'`.execute(connection.db);
    expect(rows).toEqual([{ basis: "as agreed in March", tier: "experimental" }]);
    await scanResources(connection, { now: "2026-03-07T00:00:00Z", signals: [withinHours(1, { tier: "surveillance" })] });
    const tiers = await connection.db.selectFrom("signal_version").select("definition").execute();
    expect(tiers.map(({ definition }) => definition.tier)).toEqual(["surveillance", "surveillance"]);
  });
});

describe("a file", () => {
  const now = "2026-03-05T00:00:00Z";
  const judgedBy = (signal: Signal) => scanResources(connection, { resources: [early, done], coverage, now, signals: [signal] });

  test("whose logic changed under its version is refused, whatever the site's configuration makes of it", async () => {
    await judgedBy(overdue);
    await expect(judgedBy(withinHours(1, { origin: { baseHash: "another", isOwn: false, changes: [] } }))).rejects.toMatchObject({
      code: "signal-changed",
    });
    const raised = withinHours(1, { version: overdue.version + 1, origin: { baseHash: "another", isOwn: false, changes: [] } });
    await expect(judgedBy(raised)).resolves.toBeDefined();
  });

  test("of the site's own may bear the version of the one that it replaces, and may not be by another template", async () => {
    await judgedBy(overdue);
    const own = withinHours(1, { origin: { baseHash: "own", isOwn: true, changes: [] } });
    await judgedBy(own);
    await expect(judgedBy({ ...own, origin: { baseHash: "own too", isOwn: true, changes: [] } })).rejects.toMatchObject({
      code: "signal-changed",
    });
    const sequence = { ...own, loop: undefined, sequence: { steps: [] } } as unknown as Signal;
    await expect(judgedBy(sequence)).rejects.toThrow('The signal "task-overdue" is by another template');
  });
});
