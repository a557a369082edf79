import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { listQuarantine } from "../../src/store/quarantine.ts";
import { getSite } from "../../src/store/site.ts";
import { normaliseAnew } from "../../src/worker/normalise-anew.ts";
import { contextOf } from "../../src/worker/pull-all.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { countStatements } from "../property/count-statements.ts";
import { observation, patient, report, task, verify } from "../store/small-ward.ts";
import { listVerdicts, scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const now = "2026-03-02T09:00:00Z";
const whole = [["2026-02-01T00:00:00Z", now] as const];
const coverage = { AuditEvent: whole, DiagnosticReport: whole, Observation: whole };
const mapping = (text: string): { mapping: string } => ({ mapping: `${makeFolder({ "epr-mapping.yaml": text })}/epr-mapping.yaml` });
const unacknowledged = (): Promise<string[]> => listVerdicts(connection, "result-unacknowledged");

/** As this EPR says that a clinician has signed a report off: no standard code, and an action of its own. */
function sign(name: string, at: string, more: object = {}) {
  const local = { subtype: [{ system: "urn:oid:1.2.3", code: "RES-SIGN" }], action: "E", id: `${name}-sign` };
  return { ...verify(name, at), ...local, ...more };
}

const ward = [
  report("late"),
  observation("late", "HH"),
  sign("late", "2026-03-01T12:00:00Z"),
  report("met"),
  observation("met", "HH"),
  sign("met", "2026-03-01T10:00:00Z"),
];

test("a site whose EPR says acknowledged in a local code is judged by it, from the scan on that its mapping file says so", async () => {
  await scanResources(connection, { resources: ward, coverage, now });
  const unread = ["late unknown never-seen 2026-03-01T11:00:00.000Z", "met unknown never-seen 2026-03-01T11:00:00.000Z"];
  expect(await unacknowledged()).toEqual(unread);
  const hours = await connection.db.selectFrom("feed_hour").selectAll().orderBy("type").orderBy("hour_at").execute();

  const change = mapping(
    "evidence: { acknowledged: { add: [{ from: AuditEvent, subtype: [{ system: 'urn:oid:1.2.3', codes: [RES-SIGN] }] }] } }",
  );
  const { feeds } = await scanResources(connection, { now, change });
  expect(await unacknowledged()).toEqual(["late late 2026-03-01T11:00:00.000Z", "met met 2026-03-01T11:00:00.000Z"]);
  // What is normalised anew was read before: no run counts it again, and no hour twice.
  expect(feeds.map(({ read }) => read)).toEqual([0, 0, 0]);
  expect(await connection.db.selectFrom("feed_hour").selectAll().orderBy("type").orderBy("hour_at").execute()).toEqual(hours);

  await scanResources(connection, { now });
  expect(await unacknowledged()).toEqual(unread);
  const { rows } =
    await sql`select number, context -> 'mapping' -> 'evidence' ->> 'viewed' as viewed from normalised_with order by number`.execute(
      connection.db,
    );
  expect(rows).toEqual([1, 2, 3].map((number) => ({ number, viewed: '["AuditEvent"]' })));
});

test("only the feeds that the mapping makes an acknowledgement from are waited for", async () => {
  const verified = [
    report("k"),
    observation("k", "HH"),
    verify("other", "2026-03-01T10:00:00Z"),
    report("other"),
    observation("other", "HH"),
  ];
  const all = { ...coverage, Task: [] };
  await scanResources(connection, { resources: [...verified, task("t")], coverage: all, now });
  expect(await unacknowledged()).toEqual(["k unknown gap 2026-03-01T11:00:00.000Z", "other met 2026-03-01T11:00:00.000Z"]);
  await scanResources(connection, { now, change: mapping("evidence: { acknowledged: [AuditEvent] }") });
  expect(await unacknowledged()).toEqual(["k missed 2026-03-01T11:00:00.000Z", "other met 2026-03-01T11:00:00.000Z"]);
  await scanResources(connection, { now, change: mapping("evidence: { acknowledged: [Task] }") });
  expect(await unacknowledged()).toEqual(["k unknown gap 2026-03-01T11:00:00.000Z", "other unknown gap 2026-03-01T11:00:00.000Z"]);
});

test("a Task, a Provenance and a Communication acknowledge where the mapping says that they do", async () => {
  const at = "2026-03-01T10:00:00Z";
  const about = { reference: "DiagnosticReport/k" };
  const nurse = { reference: "Practitioner/hale" };
  const tellings = {
    Task: task("told", { status: "completed", lastModified: at, code: { text: "results-inbox" }, basedOn: [about], owner: nurse }),
    Provenance: {
      resourceType: "Provenance",
      id: "told",
      recorded: at,
      target: [about],
      activity: { text: "inbox" },
      agent: [{ who: nurse }],
    },
    Communication: {
      resourceType: "Communication",
      id: "told",
      status: "completed",
      sent: at,
      about: [about],
      medium: [{ text: "phone" }],
    },
  };
  const ways = { Task: "code: [results-inbox]", Provenance: "activity: [inbox]", Communication: "medium: [phone]" };
  for (const [type, telling] of Object.entries(tellings)) {
    await truncateAll(connection.db);
    const change = mapping(`evidence: { acknowledged: { add: [{ from: ${type}, ${ways[type as keyof typeof ways]} }] } }`);
    await scanResources(connection, {
      resources: [report("k"), observation("k", "HH"), telling],
      coverage: { ...coverage, [type]: whole },
      now,
      change,
    });
    expect([type, ...(await unacknowledged())]).toEqual([type, "k met 2026-03-01T11:00:00.000Z"]);
  }
});

test("what cannot be used any more goes into quarantine and takes its conclusions with it; what can be used again comes back", async () => {
  // Nothing says when: a failed access needs no time.
  const failed = { ...sign("k", ""), id: "untimed", outcome: "8", recorded: undefined };
  const resources = [report("k"), observation("k", "HH"), failed];
  await scanResources(connection, { resources, coverage, now });
  const held = (): Promise<string[]> => listHeld(connection);
  const usable = ["AuditEvent/untimed", "DiagnosticReport/k", "Observation/k-1"];
  expect(await held()).toEqual(usable);

  const change = mapping("audit: { success: { add: ['8'] } }");
  const { run } = await scanResources(connection, { now, change });
  expect(await held()).toEqual(["DiagnosticReport/k", "Observation/k-1"]);
  expect(await listQuarantine(connection.db, { limit: 9 })).toMatchObject([{ type: "AuditEvent", code: "no-time", file: "held before" }]);
  expect(run.state).toBe("incomplete");
  expect(await unacknowledged()).toEqual(["k unknown gap 2026-03-01T11:00:00.000Z"]);

  await scanResources(connection, { now });
  expect(await held()).toEqual(usable);
  expect(await listQuarantine(connection.db, { limit: 9 })).toEqual([]);
});

test("a name that a record no longer gives to another is forgotten, and what went by it with it", async () => {
  const identifier = { system: "urn:lab", value: "L1" };
  const both = { reference: "https://lab.example/fhir/DiagnosticReport/k", identifier };
  const byName = { ...verify("k", "2026-03-01T10:00:00Z"), entity: [{ what: { identifier } }] };
  await scanResources(connection, {
    resources: [report("k"), observation("k", "HH"), task("t", { input: [{ valueReference: both }] }), byName],
    coverage,
    now,
  });
  expect(await unacknowledged()).toEqual(["k met 2026-03-01T11:00:00.000Z"]);
  await scanResources(connection, { now, change: { foreignBases: ["https://lab.example/fhir"] } });
  expect(await unacknowledged()).toEqual(["k unknown gap 2026-03-01T11:00:00.000Z"]);
  await scanResources(connection, { now });
  expect(await unacknowledged()).toEqual(["k met 2026-03-01T11:00:00.000Z"]);
});

test("a name that one version gives is kept though another, in another batch, does not give it", async () => {
  const named = (name: string) => ({ system: "urn:lab", value: name });
  const both = (name: string) => ({ input: [{ valueReference: { reference: `DiagnosticReport/${name}`, identifier: named(name) } }] });
  const byName = (name: string) => ({ ...verify(name, "2026-03-01T10:00:00Z"), entity: [{ what: { identifier: named(name) } }] });
  const others = (from: number) => Array.from({ length: 494 }, (_, place) => patient(`p-${String(from + place)}`));
  const records = ["one", "other"].flatMap((name) => [report(name), observation(name, "HH"), byName(name)]);
  const [first, second] = [
    task("t", both("one")),
    task("t", { ...both("other"), meta: { versionId: "2", lastUpdated: "2026-03-01T10:30:00Z" } }),
  ];
  await scanResources(connection, { resources: [first, ...others(0), ...records, second, ...others(1000)], coverage, now });
  await scanResources(connection, { now, change: { machineNames: ["Router"] } });
  expect(await unacknowledged()).toEqual(["one met 2026-03-01T11:00:00.000Z", "other met 2026-03-01T11:00:00.000Z"]);
});

test("where no now is given the site is judged at the latest time that its records carry in the zone that is theirs now", async () => {
  const at = "2026-03-01T09:00:00";
  const resources = [report("k", { issued: at, meta: { versionId: "1", lastUpdated: at } })];
  const nows = [];
  for (const timeZone of ["America/New_York", "Europe/London", "Asia/Kolkata"])
    nows.push((await scanResources(connection, { ...(nows.length === 0 && { resources }), change: { timeZone } })).run.now);
  expect(nows.map((each) => new Date(each).toISOString().slice(11, 16))).toEqual(["14:00", "09:00", "03:30"]);
});

test("of two contents of one version the one that counted still counts", async () => {
  const better = report("k", { meta: { versionId: "1", lastUpdated: "2026-03-01T09:30:00Z" }, status: "cancelled" });
  for (const resource of [report("k"), better, report("k")]) await scanResources(connection, { resources: [resource], coverage, now });
  const statuses = (): Promise<object[]> =>
    connection.db
      .selectFrom("resource_version")
      .select(sql`facts ->> 'status'`.as("status"))
      .execute();
  await scanResources(connection, { now, change: { machineNames: ["Router"] } });
  expect(await statuses()).toEqual([{ status: "cancelled" }]);
});

test("what stays in quarantine keeps its place and the run that met it", async () => {
  await scanResources(connection, { resources: [{ ...report("k"), id: undefined }], coverage, now });
  const held = () => connection.db.selectFrom("quarantine").select(["quarantine_key", "file", "line", "first_run", "code"]).execute();
  const before = await held();
  expect(before).toMatchObject([{ file: "records.ndjson", line: 1, code: "no-id" }]);
  await scanResources(connection, { now, change: { timeZone: "UTC" } });
  expect(await held()).toEqual(before);
});

test("a site's own critical limit makes critical what the default one does not", async () => {
  const valueQuantity = { value: 6.1, unit: "mmol/L", system: "http://unitsofmeasure.org", code: "mmol/L" };
  const code = { coding: [{ system: "http://loinc.org", code: "2823-3" }] };
  await scanResources(connection, { resources: [report("k"), { ...observation("k", "H"), code, valueQuantity }], coverage, now });
  const urgencies = async (): Promise<unknown[]> =>
    (await connection.db.selectFrom("loop").select("urgency").where("signal", "=", "result-unacknowledged").execute()).map(
      (row) => row.urgency,
    );
  expect(await urgencies()).toEqual(["abnormal"]);
  const limit = "{ name: potassium, unit: mmol/L, loinc: [2823-3], high: 6 }";
  await scanResources(connection, { now, change: mapping(`critical-limits: { add: [${limit}] }`) });
  expect(await urgencies()).toEqual(["critical"]);
});

test("without a change a scan asks one question, and one change is one new row", async () => {
  await scanResources(connection, { resources: ward, coverage, now });
  const site = await getSite(connection.db, "default");
  const run = { site, runId: "", startedAt: Date.parse(now), context: contextOf(siteConfig({ dataFolder: "", sites: [] }, "default")) };
  let statements = 0;
  const told: number[] = [];
  const counted = countStatements(connection, () => (statements += 1));
  await normaliseAnew(counted.db, run, (left) => told.push(left));
  expect([statements, told]).toEqual([1, []]);
  await normaliseAnew(counted.db, { ...run, context: { ...run.context, machineNames: ["Router"] } }, (left) => told.push(left));
  expect(told.at(-1)).toBe(0);
});

async function listHeld({ db }: Connection): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select record.type || '/' || record.id as name from record
    join resource_version on resource_version.resource_key = record.resource_key order by 1`.execute(db);
  const { rows: records } = await sql<{ name: string }>`select type || '/' || id as name from record order by 1`.execute(db);
  expect(rows).toEqual(records);
  return rows.map(({ name }) => name);
}
