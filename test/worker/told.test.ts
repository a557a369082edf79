import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { observation, report, task } from "../store/small-ward.ts";
import { scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const at = "2026-03-01T10:00:00Z";
const person = { who: { reference: "Practitioner/hale" }, requestor: true };
const machine = { who: { reference: "Device/router" }, requestor: true };

function audit(id: string, entities: readonly string[], more: object = {}) {
  const entity = entities.map((reference) => ({ what: { reference } }));
  return { resourceType: "AuditEvent", id, subtype: [{ code: "RES-OPEN" }], action: "E", recorded: at, agent: [person], entity, ...more };
}

/** What the records say of looks, acknowledgements and messages under a mapping, as `record: activity grade via by subject`. */
async function listTold(mapping: string, resources: readonly object[]): Promise<string[]> {
  const change = { mapping: `${makeFolder({ "epr-mapping.yaml": mapping })}/epr-mapping.yaml` };
  await scanResources(connection, { resources: [report("k"), observation("k", "H"), ...resources], now: "2026-03-02T09:00:00Z", change });
  const { rows } = await sql<{ said: string }>`select sayer.id || ': ' || concat_ws(' ', activity, grade, via, actor,
      case when by_person then 'person' end, coalesce(subject.type || '/' || subject.id, 'the patient')) as said
    from care_event join record as sayer on sayer.resource_key = saying_key left join record as subject on subject.resource_key = subject_key
    where activity in ('result.viewed', 'result.acknowledged', 'result.communicated', 'result.actioned') order by 1`.execute(connection.db);
  return rows.map(({ said }) => said);
}

test("a look of the site's own is direct on the report, weaker on a part of it, and one at the patient's results where no record is named", async () => {
  const said = await listTold("evidence: { viewed: [{ from: AuditEvent, subtype: [RES-OPEN] }] }", [
    audit("direct", ["DiagnosticReport/k"]),
    audit("part", ["Observation/k-1"]),
    audit("inbox", ["Patient/k"]),
    audit("failed", ["DiagnosticReport/k"], { outcome: "8" }),
    audit("machine", ["DiagnosticReport/k"], { agent: [machine] }),
    // The usual way of saying it, which this site's mapping leaves out.
    audit("read", ["DiagnosticReport/k"], { subtype: [{ code: "read" }], action: "R" }),
  ]);
  expect(said).toEqual([
    "direct: result.viewed 3 audit Practitioner/hale person DiagnosticReport/k",
    "inbox: result.viewed 1 audit Practitioner/hale person the patient",
    "part: result.viewed 2 audit Practitioner/hale person DiagnosticReport/k",
  ]);
});

test("a Task that tells something is no action on the result, before it tells it neither; in the usual way of others nothing changes", async () => {
  const about = { basedOn: [{ reference: "DiagnosticReport/k" }], owner: { reference: "Practitioner/hale" } };
  const call = { ...about, code: { text: "telephone-result" } };
  const said = await listTold("evidence: { communicated: { add: [{ from: Task, code: [telephone-result] }] } }", [
    task("called", { ...call, status: "completed", lastModified: at }),
    task("to-call", call),
    task("other", about),
    audit("read", ["DiagnosticReport/k"], { subtype: [{ code: "read" }], action: "R" }),
  ]);
  expect(said).toEqual([
    "called: result.communicated 3 task Practitioner/hale person DiagnosticReport/k",
    "other: result.actioned 3 task DiagnosticReport/k",
    "read: result.viewed 3 audit Practitioner/hale person DiagnosticReport/k",
  ]);
});

test("of a record that says it in the usual way and in the site's own the site's own counts, once", async () => {
  const review = { focus: { reference: "DiagnosticReport/k" }, code: { text: "review" }, owner: { reference: "Practitioner/hale" } };
  const said = await listTold("evidence: { acknowledged: { add: [{ from: Task, status: [accepted, completed], code: [review] }] } }", [
    task("t", { ...review, status: "accepted", lastModified: at }),
    task("t", { ...review, status: "completed", meta: { versionId: "2", lastUpdated: "2026-03-01T11:00:00Z" } }),
  ]);
  expect(said).toEqual(["t: result.acknowledged 3 task Practitioner/hale person DiagnosticReport/k"]);
});
