import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { patient, report } from "../store/small-ward.ts";
import { getSite } from "../../src/store/site.ts";
import { startRun } from "../../src/store/run.ts";
import { openBatchWriter } from "../../src/worker/batch-writer.ts";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import { contextOf } from "../../src/worker/pull-all.ts";
import { normaliseGiven } from "../../src/worker/normalise-given.ts";
import { scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const reports = 40;

function look(number: number, version = 1): object {
  return {
    resourceType: "AuditEvent",
    id: `a-${number}`,
    meta: { versionId: String(version), lastUpdated: `2026-03-02T0${version}:00:00Z` },
    action: "R",
    recorded: new Date(Date.parse("2026-03-02T00:00:00Z") + number * 1_000).toISOString(),
    agent: [{ requestor: true, who: { reference: `Practitioner/d-${number % 7}` } }],
    entity: [{ what: { reference: number % 5 === 0 ? `Patient/p-${number % 9}` : `DiagnosticReport/r-${number % reports}` } }],
  };
}

/**
 * Batches of a folder: the first holds what the others name, the fourth a report that changes; every other one brings
 * again some of what the one before it brought, as it was and changed. One of the last brings some of the one before the last before it.
 */
const batchSize = 1_000;
const ward = [
  ...Array.from({ length: 9 }, (_, number) => patient(`p-${number}`)),
  ...Array.from({ length: reports }, (_, number) => ({ ...report(`r-${number}`), subject: { reference: `Patient/p-${number % 9}` } })),
];
const first = [...ward, ...Array.from({ length: batchSize - ward.length }, (_, number) => look(number))];
const others = Array.from({ length: 8 }, (_, batch) =>
  Array.from({ length: batchSize }, (_, place) => {
    const number = (batch + 1) * batchSize + place;
    if (batch === 2 && place === 500)
      return { ...report("r-1"), subject: { reference: "Patient/p-8" }, meta: { versionId: "2", lastUpdated: "2026-03-03T00:00:00Z" } };
    if (batch === 6) return place % 50 === 1 ? look(number - 2 * batchSize) : look(number);
    if (batch % 2 === 0 && place % 50 === 0) return look(number - batchSize + 1);
    return batch % 2 === 0 && place % 77 === 0 ? look(number - batchSize + 1, 2) : look(number);
  }),
);
const batches = [first, ...others];

/** Reports for the most part: every other batch of them brings again some of what one or two before it brought, as it was and changed. */
function manyReports(batch: number): object[] {
  return Array.from({ length: batchSize }, (_, place) => {
    const number = batch * batchSize + place;
    const subject = { reference: `Patient/p-${place % 9}` };
    if (batch % 2 === 0 || place % 40 !== 0) return { ...report(`m-${number}`), subject };
    const again = report(`m-${number - (place % 80 === 0 ? 1 : 2) * batchSize}`);
    const meta = { versionId: "2", lastUpdated: "2026-03-03T00:00:00Z" };
    return place % 3 === 0 ? { ...again, subject } : { ...again, subject, meta };
  });
}
const looksAtReports = (batch: number): object[] =>
  Array.from({ length: batchSize }, (_, place) => ({
    ...look(batch * batchSize + place),
    entity: [{ what: { reference: `DiagnosticReport/m-${(batch - 1) * batchSize + place}` } }],
  }));
const mixed = [
  ...[0, 1, 2, 3].map(manyReports),
  looksAtReports(4),
  manyReports(5),
  manyReports(6),
  looksAtReports(7),
  ...[8, 9].map(manyReports),
];

async function held(): Promise<unknown> {
  const all = async (query: string): Promise<unknown> => (await sql.raw(query).execute(connection.db)).rows;
  return {
    versions: await all("select resource_key, version_key, content_hash, latest_at from resource_version order by 1, 2"),
    records: await all("select resource_key, patient_key, voided, event_patients, events_hash from record order by 1"),
    events: await all("select * from care_event order by event_id"),
    links: await all("select * from link order by 1, 2, 3"),
    counts: await all(
      "select type, sum(read) as read, sum(stored) as stored, sum(duplicate) as duplicate from run_feed group by type order by 1",
    ),
    hours: await all("select type, hour_at, understood from feed_hour order by 1, 2"),
    queued: await all("select resource_key from dirty_record"),
  };
}

test.each([
  ["of looks", batches],
  ["of reports, and looks between", mixed],
])("batches %s looked up while the one before them is written end as batches that wait for it", async (_, batches) => {
  await truncateAll(connection.db);
  for (const resources of batches) await scanResources(connection, { resources, pullOnly: true });
  await scanResources(connection, { signals: [] });
  const apart = await held();
  await truncateAll(connection.db);
  await scanResources(connection, { resources: batches.flat(), signals: [] });
  expect(await held()).toEqual(apart);
  expect(apart).toMatchObject({ queued: [] });
});

test("behind what could not be written nothing of the run is written, though it was given before that was known; of the next run it is", async () => {
  await truncateAll(connection.db);
  const { db } = connection;
  const site = await getSite(db, "default");
  const context = contextOf(siteConfig(loadConfig({ env: {} }), "default"));
  const write = async (fails: number | undefined): Promise<string[]> => {
    const runId = randomUUID();
    await startRun(db, { id: runId, siteId: site.siteId, kind: "pull", startedAt: 0 });
    const writer = openBatchWriter(db, { siteId: site.siteId, site, source: "folder", runId });
    // Too large to be written together, but for every third, which is of nothing.
    const given = Array.from({ length: 9 }, (_, place) => {
      const texts = Array.from({ length: 600 }, (_each, number) => JSON.stringify(look(place * 600 + number)));
      const { batch } = normaliseGiven("default", context, { file: "f", line: 1, texts });
      return writer(place % 3 === 2 ? undefined : batch, () => (place === fails ? Promise.reject(new Error("full")) : Promise.resolve()));
    });
    return (await Promise.allSettled(given)).map(({ status }) => status);
  };
  const looks = async (): Promise<number> =>
    (await db.selectFrom("record").select("resource_key").where("type", "=", "AuditEvent").execute()).length;
  const outcome = await write(3);
  const place = outcome.indexOf("rejected");
  expect(place).toBeGreaterThan(0);
  expect(outcome).toEqual(outcome.map((_, each) => (each < place ? "fulfilled" : "rejected")));
  expect(await looks()).toBe(600 * outcome.filter((each, at) => each === "fulfilled" && at % 3 !== 2).length);
  expect(new Set(await write(undefined))).toEqual(new Set(["fulfilled"]));
  expect(await looks()).toBe(600 * 6);
});
