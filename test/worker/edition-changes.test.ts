import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
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

const hourMs = 3_600_000;
const start = Date.parse("2026-03-01T00:00:00Z");
const overdue = readCatalogue().find(({ signal }) => signal.id === "task-overdue")?.signal as LoopSignal;

/** As a site's configuration, or its own file, makes it of the catalogue's. */
function changed(loop: Partial<LoopSignal["loop"]>, tier: Signal["tier"] = "worklist"): Signal {
  const origin = { baseHash: logicHash(overdue), isOwn: false, changes: ["said by this test"] };
  return { ...overdue, tier, origin, loop: { ...overdue.loop, ...loop } };
}
const within = (hours: number) => [{ withinMs: hours * hourMs, duration: `PT${String(hours)}H`, basis: "policy 12" }];

type Priority = "stat" | "routine";
/** A definition, and how many hours it gives a task; undefined: it does not open. */
interface Edition {
  readonly signal: Signal;
  readonly hours: (priority: Priority) => number | undefined;
}
const asItIs: Edition = { signal: overdue, hours: (priority) => (priority === "stat" ? 4 : 14 * 24) };
const editions: readonly Edition[] = [
  asItIs,
  { signal: changed({ limits: within(1) }), hours: () => 1 },
  { signal: changed({ limits: within(30) }), hours: () => 30 },
  { signal: changed({}, "surveillance"), hours: asItIs.hours },
  {
    signal: changed({ opens: [{ activity: ["task.requested"], where: { priority: ["stat"] } }] }),
    hours: (priority) => (priority === "stat" ? 4 : undefined),
  },
];

interface Asked {
  readonly id: string;
  readonly at: number;
  readonly priority: Priority;
  readonly doneAt: number | undefined;
}

/** Spread evenly over some days: by itself fast-check prefers the ends. */
const minute = (days: number) => fc.noBias(fc.integer({ min: 60, max: days * 24 * 60 })).map((minutes) => start + minutes * 60_000);
const asked: fc.Arbitrary<Asked[]> = fc
  .array(
    fc.record({
      at: minute(12),
      priority: fc.constantFrom<Priority>("stat", "routine"),
      takes: fc.option(fc.noBias(fc.integer({ min: 1, max: 40 })), { nil: undefined }),
    }),
    { minLength: 12, maxLength: 16 },
  )
  .map((each) =>
    each.map(({ at, priority, takes }, place) => ({
      id: `t${String(place)}`,
      at,
      priority,
      doneAt: takes === undefined ? undefined : at + takes * hourMs,
    })),
  );

const iso = (at: number): string => new Date(at).toISOString();

function records(tasks: readonly Asked[]): object[] {
  // Else nothing was ever seen to be done at the site.
  const done = { id: "done", at: start, priority: "stat" as const, doneAt: start + 60_000 };
  return [done, ...tasks].map(({ id, at, priority, doneAt }) =>
    task(id, {
      priority,
      authoredOn: iso(at),
      meta: { versionId: "1", lastUpdated: iso(at) },
      ...(doneAt !== undefined && { status: "completed", executionPeriod: { end: iso(doneAt) } }),
    }),
  );
}

interface Step {
  readonly now: number;
  readonly edition: Edition;
}

/** All records are there from the beginning: what lies ahead of a scan does not exist for it. */
async function scanAll(tasks: readonly Asked[], steps: readonly Step[]): Promise<void> {
  await truncateAll(connection.db);
  const coverage = { Task: [["2026-02-01T00:00:00Z", "2026-06-01T00:00:00Z"] as const] };
  for (const [place, { now, edition }] of steps.entries())
    await scanResources(connection, {
      ...(place === 0 && { resources: records(tasks), coverage }),
      now: iso(now),
      signals: [edition.signal],
    });
}

/** Loops whole, as rows, with the tier of their definition. */
async function everyLoop(): Promise<string[]> {
  const { rows } = await sql`select loop.*, patient_key::text, subject_key::text, opening_event::text, definition ->> 'tier' as tier
    from loop join signal_version using (site_id, signal, edition) order by loop_id`.execute(connection.db);
  return rows.map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)));
}

/** design.md: a loop is judged by what was in force when it opened; what was used first was always in force. */
function expected(tasks: readonly Asked[], steps: readonly Step[]): string[] {
  const now = steps.at(-1)?.now ?? start;
  return tasks
    .flatMap(({ id, at, priority, doneAt }) => {
      const { edition } = steps.findLast((step) => step.now <= at) ?? steps[0]!;
      const hours = edition.hours(priority);
      if (hours === undefined || at > now) return [];
      const due = at + hours * hourMs;
      const isDone = doneAt !== undefined && doneAt <= now;
      const verdict = isDone ? (doneAt <= due ? "met" : "late") : now < due ? "pending" : "missed";
      return [`${id} ${verdict} ${iso(due)}`];
    })
    .sort();
}

const gaps = fc.array(fc.tuple(fc.noBias(fc.integer({ min: 1, max: 100 })), fc.constantFrom(...editions)), { minLength: 3, maxLength: 4 });
const steps = gaps.map((each) => {
  let now = start + 24 * hourMs;
  return each.map(([hours, edition]): Step => ({ now: (now += hours * hourMs), edition }));
});

test("a definition that changes again and again: each loop is judged by the one in force when it opened, as after a rebuild from nothing", async () => {
  await fc.assert(
    fc.asyncProperty(asked, steps, async (tasks, taken) => {
      await scanAll(tasks, taken);
      const found = (await listVerdicts(connection, "task-overdue")).filter((line) => !line.startsWith("done"));
      expect(found).toEqual(expected(tasks, taken));
      const incremental = await everyLoop();
      const last = taken.at(-1) as Step;
      await scanResources(connection, { signals: [last.edition.signal], now: iso(last.now), rebuild: true });
      expect(await everyLoop()).toEqual(incremental);
    }),
    { numRuns: 4 },
  );
});

test("changed and changed back while nothing opens, it ends as if it had never been changed", async () => {
  await fc.assert(
    fc.asyncProperty(asked, fc.constantFrom(...editions.slice(1)), fc.integer({ min: 0, max: 50 }), async (tasks, other, hours) => {
      const [from, to] = [start + 13 * 24 * hourMs, start + 13 * 24 * hourMs + hours * hourMs];
      const end = { now: start + 40 * 24 * hourMs, edition: asItIs };
      const [earlier, later] = [
        tasks,
        tasks.map((each) => ({ ...each, id: `l${each.id}`, at: each.at + 20 * 24 * hourMs, doneAt: undefined })),
      ];
      const all = [...earlier, ...later];
      const before = { now: from - hourMs, edition: asItIs };
      await scanAll(all, [before, end]);
      const never = await everyLoop();
      await scanAll(all, [before, { now: from, edition: other }, { now: to, edition: asItIs }, end]);
      expect(await everyLoop()).toEqual(never);
    }),
    { numRuns: 3 },
  );
});
