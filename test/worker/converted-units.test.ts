import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { listVerdicts, scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const at = "2026-03-02T09:00:00Z";
const covered = [["2026-01-01T00:00:00Z", "2026-08-01T00:00:00Z"]] as const;
const types = ["AuditEvent", "Communication", "DiagnosticReport", "Observation", "Provenance", "Task"];
const made = (resourceType: string, id: string, more: object) => ({
  ...{ resourceType, id, status: "final", meta: { versionId: "1", lastUpdated: at }, subject: { reference: "Patient/p" } },
  ...more,
});

/** A report of one potassium. */
const result = (id: string, amount: number, unit: string): object[] => [
  made("Observation", `${id}-k`, {
    category: [{ coding: [{ code: "laboratory" }] }],
    code: { coding: [{ system: "http://loinc.org", code: "2823-3" }], text: "Potassium" },
    effectiveDateTime: at,
    valueQuantity: { value: amount, unit, system: "http://unitsofmeasure.org", code: unit },
  }),
  made("DiagnosticReport", id, {
    category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "LAB" }] }],
    code: { text: "Potassium" },
    issued: at,
    result: [{ reference: `Observation/${id}-k` }],
  }),
];

test("potassium in meq/L is judged by the limit in mmol/L: critical at 7.1 and at the limit, not below, nor in a unit that cannot be converted", async () => {
  const told = made("Communication", "told", { status: "completed", about: [{ reference: "DiagnosticReport/told" }], sent: at });
  await scanResources(connection, {
    resources: [
      ...result("high", 7.1, "meq/L"),
      ...result("at-the-limit", 6.5, "meq/L"),
      ...result("below", 6.4, "meq/L"),
      ...result("another-unit", 7.1, "[IU]/L"),
      ...result("told", 8, "mmol/L").map((each) => ({ ...each, subject: { reference: "Patient/other" } })),
      told,
    ],
    coverage: Object.fromEntries(types.map((type) => [type, covered])),
    now: "2026-07-20T00:00:00Z",
  });
  expect(await listVerdicts(connection, "critical-uncommunicated")).toEqual([
    "at-the-limit missed 2026-03-02T11:00:00.000Z",
    "high missed 2026-03-02T11:00:00.000Z",
    "told met 2026-03-02T11:00:00.000Z",
  ]);
  const rows = await connection.db.selectFrom("loop").select(["title", "urgency"]).where("signal", "=", "result-unacknowledged").execute();
  expect(rows.map(({ title, urgency }) => `${title ?? ""}: ${urgency ?? ""}`).sort()).toEqual([
    "Potassium 6.4 meq/L: not-said",
    "Potassium 6.5 meq/L: critical",
    "Potassium 7.1 [IU]/L: not-said",
    "Potassium 7.1 meq/L: critical",
    "Potassium 8 mmol/L: critical",
  ]);
});
