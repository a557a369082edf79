import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { listFindings } from "../../src/store/finding.ts";
import { countFindings } from "../../src/store/held-back.ts";
import { recordLook } from "../../src/store/look.ts";
import { recordReview } from "../../src/store/review.ts";
import { apiHere } from "../api/api-here.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { readOutcome } from "../property/outcome.ts";
import { observation, patient, report, task, verify } from "../store/small-ward.ts";
import { pagesHere } from "../web/pages-here.ts";
import { listVerdicts, scanResources } from "./scan-resources.ts";
import { change, inMay, march, nextYear } from "./two-years.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const old = { meta: { versionId: "1", lastUpdated: "2023-01-01T09:00:00Z" }, issued: "2023-01-01T09:00:00Z" };
const now = "2026-03-02T09:00:00Z";

test("records older than the retention line are counted as expired, at every reading, with the values that nothing else names; what only carries attributes never is", async () => {
  const resources = [
    report("old", old),
    { ...observation("old", "HH"), ...old },
    patient("old", { meta: old.meta }),
    report("new"),
    observation("new", "HH"),
    task("t"),
  ];
  for (const time of ["first", "second"]) {
    const { feeds } = await scanResources(connection, { resources, now });
    const reports = feeds.find((feed) => feed.type === "DiagnosticReport");
    const isFirst = time === "first";
    expect(reports).toMatchObject({ read: 2, stored: isFirst ? 1 : 0, duplicate: isFirst ? 0 : 1, expired: 1 });
    const values = feeds.find((feed) => feed.type === "Observation");
    expect(values).toMatchObject({ read: 2, stored: isFirst ? 1 : 0, duplicate: isFirst ? 0 : 1, expired: 1 });
    expect(feeds.filter(({ type }) => ["Patient", "Task"].includes(type)).map((feed) => feed.expired)).toEqual([0, 0]);
  }
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(["new unknown gap 2026-03-01T11:00:00.000Z"]);
});

test("a record of which one version is new is kept whole, with the values that it rests on, and what opened before the line is no loop", async () => {
  const amended = { ...report("old", { status: "amended" }), meta: { versionId: "2", lastUpdated: "2026-03-01T09:00:00Z" } };
  const identifier = { system: "urn:laboratory", value: "471104" };
  const byNumber = [{ ...observation("named", "HH"), ...old, identifier: [identifier] }, report("new", { result: [{ identifier }] })];
  const { feeds } = await scanResources(connection, {
    resources: [report("old", old), amended, { ...observation("old", "HH"), ...old }, task("t"), ...byNumber],
    now,
  });
  expect(feeds.find((feed) => feed.type === "DiagnosticReport")).toMatchObject({ read: 3, stored: 3, expired: 0 });
  for (const again of [{}, { rebuild: true as const }]) {
    await scanResources(connection, { ...again, now });
    const due = "unknown gap 2026-03-01T11:00:00.000Z";
    expect(await listVerdicts(connection, "result-unacknowledged")).toEqual([`new ${due}`, `old ${due}`]);
  }
});

async function listHeld(): Promise<Record<string, string[]>> {
  const { rows } = await sql<{ what: string; name: string }>`
    select 'record' as what, type || '/' || id as name from record
    union all select 'version', record.type || '/' || record.id from resource_version join record using (resource_key)
    union all select 'link', record.type || '/' || record.id from link left join record on record.resource_key = link.source_key
    union all select 'bodies of none', block_key::text from resource_block where not exists (select from resource_version version where version.block_key = resource_block.block_key)
    union all select 'month', relid::text from pg_partition_tree('care_event') where isleaf and relid::text ~ '2026_0[234]'
    order by 1, 2`.execute(connection.db);
  return Object.fromEntries([...Map.groupBy(rows, ({ what }) => what)].map(([what, ofIt]) => [what, ofIt.map(({ name }) => name)]));
}

test("a finding and its evidence outlive the records that it rests on; whoever is shown it is told that it is a copy", async () => {
  const list = async (): Promise<Finding[]> =>
    (await listFindings(connection.db, everyone, { all: true, subject: "DiagnosticReport/a" }, { limit: 10 })).findings;
  const security = [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "R" }];
  const restricted = report("a", { meta: { versionId: "1", lastUpdated: "2026-03-01T09:00:00Z", security } });
  const resources = [
    patient("a"),
    restricted,
    observation("a", "HH"),
    verify("a", "2026-03-01T13:00:00Z"),
    patient("b"),
    report("b"),
    verify("b", "2026-03-01T09:10:00Z"),
  ];
  await scanResources(connection, { resources, change, ...march });
  const before = await list();
  const late = before.find(({ signal }) => signal === "result-unacknowledged")!;
  expect(late).toMatchObject({ verdict: "late", patient: "Patient/a", sealed: false });
  expect(late.evidence.map(({ activity }) => activity)).toEqual(["result.issued", "result.acknowledged"]);
  await recordReview(connection.db, everyone, { of: { loopIds: [late.id] }, step: "confirm", at: Date.parse(march.now), id: randomUUID() });
  expect((await listHeld())["month"]).toEqual(["care_event_2026_03", "care_event_2026_04"]);

  await scanResources(connection, {
    resources: [report("n", { status: "amended", ...inMay }), patient("n"), observation("n", "HH")],
    change,
    ...nextYear,
  });
  const after = (finding: Finding): Finding => ({
    ...finding,
    sealed: true,
    ...(finding.id === late.id && { status: "confirmed", reviews: 1 }),
  });
  const sealed = before.map(after);
  expect(await list()).toEqual(sealed);
  expect(await listHeld()).toEqual({
    // What a loop is about keeps its name; what only carries attributes is kept.
    record: ["a", "b", "n"]
      .flatMap((name) => [`DiagnosticReport/${name}`, `Patient/${name}`])
      .concat("Observation/n-1")
      .sort(),
    version: ["DiagnosticReport/n", "Observation/n-1", "Patient/a", "Patient/b", "Patient/n"],
    link: ["DiagnosticReport/n"],
  });
  const api = await apiHere(connection);
  const pages = await pagesHere(connection);
  onTestFinished(async () => {
    await api.close();
    await pages.close();
  });
  expect((await api.get(`findings/${late.id}`)).body).toMatchObject({ finding: sealed.find(({ id }) => id === late.id) });
  const page = await pages.get(`/findings/${late.id}`);
  expect(page.texts("section:has(#timeline) > p")[0]).toMatch(/^This is a copy, made before the records/);
  expect(page.texts("section:has(#timeline) li").length).toBeGreaterThan(1);

  for (const again of [{ rebuild: true as const, now: nextYear.now }, { now: march.now }, { resources, now: nextYear.now }]) {
    await scanResources(connection, { ...again, clock: nextYear.clock, change });
    expect(await list()).toEqual(sealed);
    expect((await countFindings(connection.db, { ...everyone, mayReadRestricted: false }, { all: true })).restricted).toBe(sealed.length);
  }
  expect(await listHeld()).toMatchObject({
    version: ["DiagnosticReport/n", "Observation/n-1", "Patient/a", "Patient/b", "Patient/n"],
  });
  await readOutcome(connection.db);
});

test("months are made ahead, and one of which something is looked for however old it is keeps that and nothing else", async () => {
  const chronic = {
    resourceType: "Condition",
    id: "c",
    subject: { reference: "Patient/a" },
    code: { coding: [{ system: "http://snomed.info/sct", code: "109841003" }] },
    recordedDate: "2026-03-01T09:00:00Z",
  };
  // The whole catalogue looks back for ten years.
  const signals = readCatalogue().flatMap(({ signal }) => (["trigger-afp", "result-unacknowledged"].includes(signal.id) ? [signal] : []));
  await scanResources(connection, { resources: [patient("a"), report("a"), observation("a", "HH"), chronic], signals, change, ...march });
  expect((await listHeld())["month"]).toEqual(["care_event_2026_03", "care_event_2026_04"]);
  const count = async () =>
    (
      await sql<{ activity: string }>`select distinct activity from care_event where at < '2026-04-01' order by 1`.execute(connection.db)
    ).rows.map(({ activity }) => activity);
  expect(await count()).toEqual(["result.issued", "condition.recorded"]);
  for (let times = 0; times < 2; times += 1) {
    await scanResources(connection, { signals, change: { retention: "P2Y" }, now: "2029-06-01T00:00:00Z", clock: "2029-06-01T00:00:00Z" });
    expect(await count()).toEqual(["condition.recorded"]);
    expect((await listHeld())["month"]).toEqual(["care_event_2026_03"]);
  }
});

test("a sealed finding goes with its patient, and its reviews with it, when two people turn out to be one, and back again", async () => {
  const names = ["a", "b"];
  const resources = names.flatMap((name) => [patient(name), report(name), observation(name, "HH"), verify(name, "2026-03-01T13:00:00Z")]);
  await scanResources(connection, { resources, change, ...march });
  const list = async (name: string): Promise<string[]> => {
    const filter = { all: true, patient: `Patient/${name}`, signals: ["result-unacknowledged"] };
    const { findings } = await listFindings(connection.db, everyone, filter, { limit: 10 });
    return findings.map(({ subject, sealed, reviews }) => `${subject} ${String(sealed)} ${String(reviews)}`).sort();
  };
  const { rows } = await sql<{ loop_id: string }>`select loop_id from loop where signal = 'result-unacknowledged'`.execute(connection.db);
  for (const { loop_id } of rows)
    await recordReview(connection.db, everyone, {
      of: { loopIds: [loop_id] },
      step: "confirm",
      at: Date.parse(march.now),
      id: randomUUID(),
    });
  const each = names.map((name) => `DiagnosticReport/${name} true 1`);
  const as = (version: number, more: object) => ({
    ...patient("a", more),
    meta: { versionId: String(version), lastUpdated: `2027-05-0${String(version)}T09:00:00Z` },
  });
  const people: [object, string[][]][] = [
    [as(2, {}), [[each[0]!], [each[1]!]]],
    [as(3, { link: [{ type: "replaces", other: { reference: "Patient/b" } }] }), [each, each]],
    [as(4, {}), [[each[0]!], [each[1]!]]],
  ];
  for (const [person, shown] of people) {
    await scanResources(connection, { resources: [person], change, ...nextYear });
    expect([await list("a"), await list("b")]).toEqual(shown);
    const { rows: astray } = await sql`select from review where not exists (
      select from loop where loop.loop_id = review.loop_id and loop.patient_key = review.patient_key)`.execute(connection.db);
    expect(astray).toEqual([]);
  }
  await readOutcome(connection.db);
});

test("who looked is kept for a period of its own; who acted on a patient, as long as anything of the patient is", async () => {
  const byLaboratory = { performer: [{ reference: "Practitioner/laboratory" }] };
  const resources = [patient("a"), report("a", byLaboratory), observation("a", "HH"), verify("a", "2026-03-01T13:00:00Z")];
  await scanResources(connection, { resources, change, ...march });
  const { findings } = await listFindings(connection.db, everyone, { all: true }, { limit: 1 });
  for (const at of ["2026-03-10T09:00:00Z", "2027-05-20T09:00:00Z"])
    await recordLook(connection.db, everyone, { how: "test", shown: findings, at: Date.parse(at) }, randomUUID);
  const held = async () => {
    const { rows } = await sql<{ looks: number; acted: string[] }>`select (select count(*)::integer from look) as looks,
      array(select record.id from actor_patient join record on record.resource_key = actor_patient.patient_key order by 1) as acted`.execute(
      connection.db,
    );
    return rows[0];
  };
  expect(await held()).toEqual({ looks: 2, acted: ["a"] });
  const later = [patient("n"), report("n", { ...inMay, ...byLaboratory }), observation("n", "HH"), verify("n", "2027-05-20T13:00:00Z")];
  await scanResources(connection, { resources: later, change, ...nextYear });
  expect(await held()).toEqual({ looks: 2, acted: ["n"] });
  await scanResources(connection, { change: { ...change, looksKept: "P6M" }, ...nextYear });
  expect(await held()).toEqual({ looks: 1, acted: ["n"] });
});

test("a site that was only ever pulled keeps the months that it will look back to, and no others", async () => {
  await scanResources(connection, { resources: [patient("a"), report("a"), observation("a", "HH")], change, ...march });
  const pulled = { resources: [patient("p"), report("p")], site: "other", pullOnly: true } as const;
  await scanResources(connection, { ...pulled, clock: march.now, change: { retention: "P3Y" } });
  await scanResources(connection, { change, ...nextYear });
  expect((await listHeld())["month"]).toEqual(["care_event_2026_03", "care_event_2026_04"]);
  await scanResources(connection, { ...pulled, resources: [report("q", inMay)], clock: nextYear.clock, change });
  await scanResources(connection, { change, ...nextYear });
  expect((await listHeld())["month"]).toBeUndefined();
  // Not that a first scan with an earlier now should ask for what is gone.
  await scanResources(connection, { site: "other", change: { retention: "P3Y" }, now: march.now, clock: nextYear.clock });
  expect(await listVerdicts(connection, "result-unacknowledged")).toHaveLength(1);
});
