import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import { askFor, type FindingFilter } from "../../src/store/finding-filter.ts";
import { selectPage } from "../../src/store/finding-rows.ts";
import { fillFindings } from "../bench/fill-findings.ts";
import { scratchDatabase } from "../db/scratch-database.ts";

/** So many that to read all of them costs more than an index; so few that to make them takes seconds. */
const size = { findings: 12_000, open: 3_000 };
const limit = 50;
/** A tenth: some are put in order when an index has found them. */
const mostPassedOver = size.findings / 10;

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
  await fillFindings(connection, size);
}, 120_000);
afterAll(() => connection.close());

const at = Date.parse;
const filters: Readonly<Record<string, FindingFilter>> = {
  "the whole list": {},
  "a site": { sites: ["north"] },
  "a team": { teams: ["Organization/ward-7"] },
  "nobody's": { teams: ["unassigned"] },
  "a signal": { signals: ["result-unacknowledged"] },
  "an urgency": { urgencies: ["normal"] },
  "the worst verdict": { verdicts: ["missed"] },
  "a later verdict": { verdicts: ["late"] },
  "the last verdict": { verdicts: ["unknown"] },
  "a status": { statuses: ["open"] },
  "what somebody has taken": { statuses: ["in-review"] },
  "a patient": { patient: "Patient/p17" },
  "a record": { subject: "DiagnosticReport/r17" },
  "when it opened": { openedFrom: at("2026-05-01T00:00:00Z"), openedTo: at("2026-05-02T00:00:00Z") },
  "when it is due": { dueFrom: at("2026-05-01T00:00:00Z"), dueTo: at("2026-05-02T00:00:00Z") },
  "opened lately": { openedFrom: at("2026-10-08T00:00:00Z") },
};
const cases = Object.entries(filters).flatMap(([name, filter]) =>
  (["due", "urgency"] as const).flatMap((order) =>
    [false, true].map((all) => ({ name, filter, order, all, of: all ? "all" : "the worklist" })),
  ),
);

it.each(cases)("$name of $of, in order of $order, is read by an index, and little more than is shown", async ({ filter, order, all }) => {
  const { db } = connection;
  const query = selectPage(everyone, await askFor(db, { ...filter, all }), { limit, order }).compile(db);
  const { passedOver, wholeTables } = await planOf({ ...query, sql: `explain (analyze, format json) ${query.sql}` });
  expect(wholeTables).toEqual([]);
  expect(passedOver).toBeLessThanOrEqual(mostPassedOver);
});

it("knows a table that is read whole, so that it can fail", async () => {
  const query = sql`explain (analyze, format json) select * from loop where title like '%x%'`.compile(connection.db);
  expect(await planOf(query)).toEqual({ wholeTables: ["loop"], passedOver: size.findings });
});

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Big tables that are scanned whole, and how many findings are read. */
async function planOf(query: Parameters<Connection["db"]["executeQuery"]>[0]) {
  const { rows } = await connection.db.executeQuery<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(query);
  const nodes: PlanNode[] = [];
  const visit = (node: PlanNode): void => {
    nodes.push(node);
    for (const each of node.Plans ?? []) visit(each);
  };
  for (const row of rows) visit(row["QUERY PLAN"][0].Plan);
  const small = ["site", "person", "alias"];
  const whole = nodes.filter((node) => node["Node Type"] === "Seq Scan" && !small.includes(node["Relation Name"] ?? ""));
  const ofLoop = nodes.filter((node) => node["Relation Name"] === "loop");
  return {
    wholeTables: whole.map((node) => node["Relation Name"]),
    passedOver: ofLoop.reduce((sum, node) => sum + (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"], 0),
  };
}
