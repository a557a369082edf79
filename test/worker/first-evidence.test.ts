import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { observation, patient, report, verify } from "../store/small-ward.ts";
import { listVerdicts, scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const types = ["AuditEvent", "DiagnosticReport", "Observation", "Patient", "Provenance", "Task"];
const coverage = Object.fromEntries(types.map((type) => [type, [["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"]] as const]));

/** A critical result of this day. */
function result(id: string, day: string): object[] {
  const at = `${day}T09:00:00Z`;
  return [patient(id), report(id, { issued: at, meta: { versionId: "1", lastUpdated: at } }), observation(id, "HH")];
}

async function verdicts(): Promise<string[]> {
  return (await listVerdicts(connection, "result-unacknowledged")).map((line) => line.split(" 2026")[0] ?? "");
}

test("the first acknowledgement of a site counts for patients who were read before it was written down, until it is too old", async () => {
  const look = { ...verify("a", "2026-01-05T10:00:00Z"), id: "look", action: "R", subtype: [{ code: "read" }] };
  const change = { retention: "P60D" };
  await scanResources(connection, { resources: [...result("a", "2026-01-05"), look], coverage, now: "2026-02-25T00:00:00Z", change });
  expect(await verdicts()).toEqual(["a unknown never-seen"]);

  // Of two months, so judged one after the other: b while c, who was acknowledged, is being written.
  const more = [...result("c", "2026-01-10"), verify("c", "2026-01-10T10:00:00Z"), ...result("b", "2026-02-10")];
  await scanResources(connection, { resources: more, coverage, now: "2026-02-25T00:00:00Z", change });
  expect(await verdicts()).toEqual(["a missed", "b missed", "c met"]);

  // What was acknowledged in January lies before the line: as far as is known nobody does so here.
  await scanResources(connection, { now: "2026-03-11T12:00:00Z", change });
  expect((await verdicts()).filter((line) => line.startsWith("b"))).toEqual(["b unknown never-seen"]);
});
