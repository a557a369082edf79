import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { scanSite } from "../../src/worker/scan.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { patient, report } from "../store/small-ward.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

/** Reads a folder and judges nothing. */
async function read(...resources: readonly object[]): Promise<void> {
  const sources = [
    { name: "folder", folder: makeFolder({ "records.ndjson": resources.map((each) => `${JSON.stringify(each)}\n`).join("") }) },
  ];
  const options = { config: siteConfig(loadConfig({ env: {} }), "default"), sources, signals: [], pullOnly: true as const };
  await scanSite(connection, options, { clock: () => Date.parse("2027-01-01T00:00:00Z"), makeId: randomUUID, random: () => 0 });
}

function look(id: string, ...names: readonly string[]): object {
  return {
    resourceType: "AuditEvent",
    id,
    action: "R",
    recorded: "2026-03-01T10:00:00Z",
    agent: [{ requestor: true, who: { reference: "Practitioner/d" } }],
    entity: names.map((reference) => ({ what: { reference } })),
  };
}

/** Records in the queue, and what was said by whom of what, under which patient. */
async function state(): Promise<{ waiting: string[]; said: string[] }> {
  const { rows: waiting } = await sql<{ name: string }>`select type || '/' || id as name from dirty_record
    join record using (resource_key) order by name`.execute(connection.db);
  const { rows: said } = await sql<{
    line: string;
  }>`select saying.id || ' of ' || subject.id || ' under ' || coalesce(placed.id, 'none') as line
    from care_event join record saying on saying.resource_key = saying_key join record subject on subject.resource_key = subject_key
      left join record placed on placed.resource_key = care_event.patient_key order by line`.execute(connection.db);
  return { waiting: waiting.map(({ name }) => name), said: said.map(({ line }) => line) };
}

test("a new AuditEvent about a report that is held is related as it arrives, and waits for nothing", async () => {
  await read(patient("k"), report("k"));
  await read(look("a", "DiagnosticReport/k"));
  expect(await state()).toEqual({ waiting: ["DiagnosticReport/k", "Patient/k"], said: ["a of k under k"] });
});

test("one that comes before its report, names something else besides, or is held already, waits", async () => {
  await read(look("early", "DiagnosticReport/k"), look("held", "DiagnosticReport/k"), look("task", "Task/t"));
  await read(report("k"));
  await read({ ...look("held", "DiagnosticReport/k"), meta: { versionId: "2" } }, look("part", "DiagnosticReport/k", "Observation/o"));
  const { waiting, said } = await state();
  expect(waiting.filter((name) => name.startsWith("AuditEvent"))).toEqual([
    "AuditEvent/early",
    "AuditEvent/held",
    "AuditEvent/part",
    "AuditEvent/task",
  ]);
  expect(said).toEqual([]);
});

test("a report that changed and was not related since is no ground to stand on: what names it waits", async () => {
  await read(report("k"));
  await read(look("a", "DiagnosticReport/k"));
  await read({ ...report("k"), subject: { reference: "Patient/other" }, meta: { versionId: "2", lastUpdated: "2026-03-01T11:00:00Z" } });
  await read(look("b", "DiagnosticReport/k"));
  expect(await state()).toEqual({ waiting: ["AuditEvent/a", "AuditEvent/b", "DiagnosticReport/k"], said: ["a of k under none"] });
});
