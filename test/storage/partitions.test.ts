import { sql, type CompiledQuery } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeMonths } from "../../src/worker/month-partitions.ts";
import { selectEvents } from "../../src/worker/select-events.ts";
import { scratchDatabase } from "../db/scratch-database.ts";

const { db, close } = await scratchDatabase();
const tenYears = Array.from({ length: 120 }, (_, month) => Date.UTC(2016, month, 15));

beforeAll(() => makeMonths(db, tenYears));
afterAll(close);

describe("with ten years of partitions", () => {
  const patients = [-5n, 7n, 11n];

  it("reading patients touches only the months between its bounds", async () => {
    const query = selectEvents(db, patients, Date.parse("2025-01-20T00:00:00Z"), Date.parse("2025-03-10T00:00:00Z"));
    expect(await partitionsTouched(query.compile())).toEqual(["care_event_2025_01", "care_event_2025_02", "care_event_2025_03"]);
  });

  it("two years to the retention line touch 25 months, whatever lies before", async () => {
    const query = selectEvents(db, patients, Date.parse("2023-12-31T00:00:00Z"), Date.parse("2025-12-31T00:00:00Z"));
    const touched = await partitionsTouched(query.compile());
    expect([touched.length, touched[0], touched.at(-1)]).toEqual([25, "care_event_2023_12", "care_event_2025_12"]);
  });

  it("without bounds every partition is touched, so that this test can fail", async () => {
    const query = db
      .selectFrom("care_event")
      .selectAll()
      .where("patient_key", "=", sql<bigint>`any(${patients}::bigint[])`);
    expect((await partitionsTouched(query.compile())).length).toBe(122);
  });
});

/** The partitions that a plan scans: those that the planner could leave out do not stand in it. */
async function partitionsTouched(query: CompiledQuery): Promise<string[]> {
  const { rows } = await db.executeQuery<{ "QUERY PLAN": unknown }>({ ...query, sql: `explain (format json) ${query.sql}` });
  return [...new Set(JSON.stringify(rows).match(/care_event_(?:\d{4}_\d{2}|before|after)(?=")/g))].sort();
}
