import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { deliver } from "../hospital/delivery.ts";
import { makeHospital, type Hospital } from "../hospital/hospital.ts";
import { instantsOf, scanHospital, withFolders } from "../property/engine-hospital.ts";
import { readOutcome, type Outcome } from "../property/outcome.ts";
import { listSeeds } from "../property/seeds.ts";
import { count, countHospital, countLoops, printTally, startTally } from "../property/tally.ts";
import { dumpRows, loadRows } from "./copy-rows.ts";

const connection = await scratchDatabase();
const { db } = connection;
/** Copied to every part; records too, for a loop's subject is named from there. */
const reference = [
  "site",
  "feed",
  "coverage",
  "feed_hour",
  "odd_hour",
  "signal_version",
  "quarantine",
  "person",
  "alias",
  "role_organisation",
  "record",
];
const parts = [0, 1, 2, 3];
const seeds = listSeeds(10, 5);
const tally = startTally("part with loops", "loop that hangs on evidence of another part");

afterAll(() => connection.close());

describe("detection on four parts", () => {
  it.each(seeds)(
    "seed %i: split by patient over four databases, with the reference tables copied to each, the union is one database's",
    async (seed) => {
      const hospital = makeHospital(seed);
      const now = instantsOf(hospital).at(-1)!;
      await truncateAll(db);
      await withFolders(deliver(hospital, 1, { parts: 1, duplicate: false, shuffle: false }), (folders) =>
        scanHospital(connection, { hospital, folders, now }),
      );
      const whole = await readOutcome(db);
      countHospital(tally, hospital);
      countLoops(tally, whole);
      const copied = await dumpTables([...reference, "closing_seen"]);
      const concluded: Dump[] = [];
      for (const part of parts) concluded.push(await dumpPart(part));

      const found: Outcome[] = [];
      for (const part of concluded) found.push(await detectPart(hospital, { ...copied, ...part }));
      count(tally, "part with loops", found.filter(({ loops }) => loops.length > 0).length);
      expect(sorted(found.flatMap(({ loops }) => loops))).toEqual(sorted(whole.loops));
      expect(found.flatMap(({ findings }) => findings).sort()).toEqual(whole.findings.toSorted());
      expect(sorted(found.flatMap(({ wakes }) => wakes))).toEqual(sorted(whole.wakes));
      for (const { closingSeen } of found) expect(sorted(closingSeen)).toEqual(sorted(whole.closingSeen));

      // What the copy of the evidence seen is for: without it some part would say that nobody ever does it here.
      const alone: Outcome[] = [];
      for (const part of concluded) alone.push(await detectPart(hospital, { ...copied, ...part, closing_seen: "[]" }));
      const verdicts = new Map(alone.flatMap(({ loops }) => loops).map((loop) => [loop.loop_id, loop.reason]));
      count(
        tally,
        "loop that hangs on evidence of another part",
        whole.loops.filter((loop) => loop.reason === null && verdicts.get(loop.loop_id) === "never-seen").length,
      );
    },
  );

  it("has been tried on every verdict, reason and encoding, never-seen included, and on evidence that only another part holds", () => {
    expect(printTally(`Four-way split, ${seeds.length} hospitals`, tally)).toEqual([]);
  });
});

/** Rows as text, by table. */
type Dump = Readonly<Record<string, string>>;

async function dumpTables(tables: readonly string[]): Promise<Dump> {
  return Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await dumpRows(db, table)] as const)));
}

/** Care events by patient, and the patients that have some, still to be judged. */
async function dumpPart(part: number): Promise<Dump> {
  const isHere = sql`mod(mod(patient_key, 4) + 4, 4) = ${part}`;
  await sql`delete from dirty_patient`.execute(db);
  await sql`insert into dirty_patient (patient_key, site_id, from_at) select distinct patient_key, site_id, '-infinity'::timestamptz from care_event where patient_key <> 0 and ${isHere}`.execute(
    db,
  );
  return { care_event: await dumpRows(db, "care_event", isHere), dirty_patient: await dumpRows(db, "dirty_patient") };
}

/** What detection says in a database that holds this and nothing else. */
async function detectPart(hospital: Hospital, tables: Dump): Promise<Outcome> {
  await truncateAll(db);
  for (const [table, rows] of Object.entries(tables)) await loadRows(db, table, rows);
  await sql`update site set judged_at = null, judged_with = null`.execute(db);
  // Where a record's events were placed is known where they are, and nowhere else.
  await sql`update record set event_patients = null`.execute(db);
  await scanHospital(connection, { hospital, folders: [], now: instantsOf(hospital).at(-1)! });
  return readOutcome(db);
}

function sorted(rows: readonly unknown[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
