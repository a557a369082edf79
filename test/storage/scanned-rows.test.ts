import { sql, type CompiledQuery } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandLineViewer } from "../../src/domain/viewer.ts";
import { askFor, type FindingFilter } from "../../src/store/finding-filter.ts";
import { selectCounts } from "../../src/store/held-back.ts";
import { selectLabels } from "../../src/store/record-label.ts";
import { selectDueWithin } from "../../src/worker/queue-changed.ts";
import { selectSealed } from "../../src/worker/replace-loops.ts";
import { selectClosingSeen } from "../../src/worker/site-view.ts";
import { scratchDatabase } from "../db/scratch-database.ts";

const { db, close } = await scratchDatabase();
const siteId = 1;
const now = Date.parse("2026-03-02T00:00:00Z");
const line = Date.parse("2024-03-02T00:00:00Z");

/** Loops of two years, most of them settled and all but a few due long ago, and what was seen of each patient. */
beforeAll(async () => {
  await sql`insert into loop (patient_key, loop_id, site_id, signal, signal_version, edition, subject_key, opening_event, opening_activity, opened_at, due_at,
      verdict, before_watch, setting, kind, title, limit_duration, limit_basis, gaps, cancelling_gaps, explanation)
    select key, ('00000000-0000-0000-0000-' || lpad(key::text, 12, '0'))::uuid, ${siteId}, 'result-unacknowledged', 1, '', key, key, 'result.issued',
      at - interval '14 days', at, case when key % 4 = 0 then 'missed' when at > ${new Date(now).toISOString()}::timestamptz then 'pending' else 'met' end,
      false, 'other', 'laboratory', '', 'P14D', '', '[]', '[]', '{}'
    from (select key, '2024-03-15T00:00:00Z'::timestamptz + key * interval '4 hours' as at from generate_series(1, 4320) as key) as due`.execute(
    db,
  );
  await sql`insert into closing_seen (patient_key, signal, site_id, first_at)
    select key, signal, ${siteId}, '2024-03-15T00:00:00Z'::timestamptz + key * interval '4 hours'
    from generate_series(1, 4000) as key, unnest(array['result-unacknowledged', 'task-overdue']) as signal`.execute(db);
  await sql`analyze loop, closing_seen`.execute(db);
});
afterAll(close);

test("whether a signal's evidence was ever seen is told from one row of each signal, however many patients there are", async () => {
  const signals = ["result-unacknowledged", "task-overdue", "order-unresulted"].map((id) => ({ id }));
  const query = selectClosingSeen({ siteId, signals }, now, line);
  expect((await query.execute(db)).rows.map(({ signal }) => signal).sort()).toEqual(["result-unacknowledged", "task-overdue"]);
  expect(await rowsScanned(query.compile(db))).toBe(2);
});

test("a day more of coverage touches the loops that are due on it or later, and reads no other", async () => {
  const query = sql`${selectDueWithin(siteId, { from: now, to: now + 86_400_000 })}`;
  const { rows } = await query.execute(db);
  expect(rows.length).toBeGreaterThan(10);
  // Missed ones are due before; those that opened later than the day are left out.
  expect(await rowsScanned(query.compile(db))).toBeLessThan(2 * rows.length);
  // By verdict and due time: with a verdict left open all of the site's index is gone through, though it gives no row.
  expect((await scansOf(query.compile(db))).map((scan) => scan["Index Cond"])).toEqual([expect.stringMatching(/verdict = ANY.*due_at >=/)]);
  const whole = sql`select patient_key from loop where site_id = ${siteId} and verdict <> 'met'`;
  expect(await rowsScanned(whole.compile(db))).toBeGreaterThan(1_000);
});

test("which of many loops are sealed, and which of many records are labelled, is asked of those few", async () => {
  await sql`update loop set sealed = '{}' where patient_key in (5, 4000)`.execute(db);
  await sql`insert into record (resource_key, site_id, namespace, type, id, voided, labels)
    select key, ${siteId}, '', case when key % 5 = 0 then 'Patient' else 'Task' end, key::text, false, case when key in (5, 7) then array['R'] end
    from generate_series(1, 4000) as key`.execute(db);
  await sql`analyze loop, record`.execute(db);
  const keys = Array.from({ length: 50 }, (_, place) => place + 1);
  const sealed = selectSealed(keys.map((key) => `00000000-0000-0000-0000-${String(key).padStart(12, "0")}`));
  expect((await sealed.execute(db)).rows).toHaveLength(1);
  expect(await rowsScanned(sealed.compile(db))).toBeLessThanOrEqual(2);
  const labels = selectLabels(
    keys.map((key) => BigInt(key)),
    [5n, 7n, 10n],
  );
  expect((await labels.execute(db)).rows.map(({ key }) => key)).toEqual([5n, 7n, 5n]);
  expect(await rowsScanned(labels.compile(db))).toBeLessThanOrEqual(8);
});

test("how many findings there are is counted from the kinds of the team that is asked for, or of all together, and of no other", async () => {
  await sql`insert into loop_count (site_id, team, signal, signal_version, tier, verdict, status, urgency, unassigned, restricted, test, before_watch, count)
    select ${siteId}, case team when 0 then '*' when 1 then 'unassigned' else 'Organization/' || team end, 'signal-' || signal, 1, 'worklist', verdict, 'open', '',
      team = 1, false, false, false, 2
    from generate_series(0, 100) as team, generate_series(1, 10) as signal, unnest(array['missed', 'late', 'unknown']) as verdict`.execute(
    db,
  );
  await sql`analyze loop_count`.execute(db);
  const counted = async (filter: FindingFilter): Promise<[number, number]> => {
    const query = selectCounts(commandLineViewer, await askFor(db, filter));
    const { rows } = await query.execute(db);
    return [rows.reduce((sum, { count }) => sum + count, 0), await rowsScanned(query.compile(db))];
  };
  for (const teams of [undefined, ["unassigned"], ["Organization/7"]]) {
    const [count, scanned] = await counted({ verdicts: ["missed"], ...(teams && { teams }) });
    expect({ teams, count }).toEqual({ teams, count: 20 });
    // An entry of the index for each, and its row.
    expect(scanned).toBeLessThanOrEqual(2 * 10);
  }
  expect((await counted({ teams: ["*"] }))[0]).toBe(0);
});

interface PlanNode {
  readonly Plans?: readonly PlanNode[];
  readonly "Node Type": string;
  readonly "Index Cond"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
}

/** Rows that scans of tables and indexes gave or threw away. */
async function rowsScanned(query: CompiledQuery): Promise<number> {
  const scans = await scansOf(query);
  return scans.reduce((sum, scan) => sum + (scan["Actual Rows"] + (scan["Rows Removed by Filter"] ?? 0)) * scan["Actual Loops"], 0);
}

async function scansOf(query: CompiledQuery): Promise<PlanNode[]> {
  const { rows } = await db.executeQuery<{ "QUERY PLAN": readonly { readonly Plan: PlanNode }[] }>({
    ...query,
    sql: `explain (analyze, format json) ${query.sql}`,
  });
  const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
  return rows[0]!["QUERY PLAN"].flatMap(({ Plan }) => nodesOf(Plan)).filter((node) => /^(Seq|Index|Bitmap)/.test(node["Node Type"]));
}
