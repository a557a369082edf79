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
import { scanResources } from "./scan-resources.ts";

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
  await read(look("early", "DiagnosticReport/k"), look("held", "DiagnosticReport/k"), look("document", "DocumentReference/d"));
  await read(report("k"));
  await read({ ...look("held", "DiagnosticReport/k"), meta: { versionId: "2" } }, look("part", "DiagnosticReport/k", "Binary/b"));
  const { waiting, said } = await state();
  expect(waiting.filter((name) => name.startsWith("AuditEvent"))).toEqual([
    "AuditEvent/document",
    "AuditEvent/early",
    "AuditEvent/held",
    "AuditEvent/part",
  ]);
  expect(said).toEqual([]);
});

test("a look at a Task or an order tells nothing and waits for nothing, unless it may be of one of its versions", async () => {
  const changed = { ...look("changed", "Task/t"), action: "U" };
  await read(look("task", "Task/t"), look("order", "ServiceRequest/o"), look("version", "Task/t/_history/2"), changed);
  expect(await state()).toEqual({ waiting: ["AuditEvent/changed", "AuditEvent/version"], said: [] });
});

test("a look at an Observation is one at the reports that name it, at those that come later once they are related", async () => {
  await read(patient("k"), report("k"), look("early", "Observation/late-1"));
  await read(look("part", "Observation/k-1"));
  expect(await state()).toEqual({ waiting: ["DiagnosticReport/k", "Patient/k"], said: ["part of k under k"] });
  await read(report("late"), report("also", { result: [{ reference: "Observation/k-1" }] }));
  // What depends on what has come is looked for before the next AuditEvents are taken in.
  await read(look("last"));
  const { waiting } = await state();
  expect(waiting.filter((name) => name.startsWith("AuditEvent"))).toEqual(["AuditEvent/early", "AuditEvent/part"]);
});

test("a report that changed and was not related since is no ground to stand on: what names it waits", async () => {
  await read(report("k"));
  await read(look("a", "DiagnosticReport/k"));
  await read({ ...report("k"), subject: { reference: "Patient/other" }, meta: { versionId: "2", lastUpdated: "2026-03-01T11:00:00Z" } });
  await read(look("b", "DiagnosticReport/k"), look("c", "Observation/k-1"));
  expect(await state()).toEqual({
    waiting: ["AuditEvent/a", "AuditEvent/b", "AuditEvent/c", "DiagnosticReport/k"],
    said: ["a of k under none"],
  });
});

test("a change of who somebody is queues the patients on whom they acted", async () => {
  await read(patient("k"), report("k"), patient("other"), report("other"));
  await read(look("a", "DiagnosticReport/k"));
  await connection.db.deleteFrom("dirty_patient").execute();
  await read({
    resourceType: "Practitioner",
    id: "d",
    identifier: [{ system: "https://fhir.hl7.org.uk/Id/gmc-number", value: "7654321" }],
  });
  await read(look("last"));
  const { rows } = await sql<{ id: string }>`select id from dirty_patient join record on resource_key = dirty_patient.patient_key`.execute(
    connection.db,
  );
  expect(rows).toEqual([{ id: "k" }]);
});

test("an AuditEvent older than the line, in a month that is not, is taken in at every reading", async () => {
  const recorded = "2024-03-01T10:00:00Z";
  const chart = { ...look("chart", "Patient/k"), recorded };
  const opened = () => connection.db.selectFrom("care_event").select("at").where("activity", "=", "chart.opened").execute();
  for (let time = 0; time < 2; time += 1) {
    const { feeds } = await scanResources(connection, { resources: [patient("k"), chart, report("k")], now: "2026-03-02T09:00:00Z" });
    expect(feeds.find((feed) => feed.type === "AuditEvent")).toMatchObject({ read: 1, stored: 0, duplicate: 0, expired: 1 });
    expect(await opened()).toEqual([{ at: Date.parse(recorded) }]);
  }
});
