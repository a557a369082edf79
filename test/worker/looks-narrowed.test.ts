import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { insertRows } from "../../src/db/bulk-write.ts";
import type { Connection } from "../../src/db/connect.ts";
import { detectPatient } from "../../src/detect/detect-patient.ts";
import type { PatientView, SignalHistory, SiteView } from "../../src/detect/detection.ts";
import { lookActivities, looksAsked, type LooksAsked } from "../../src/detect/looks-asked.ts";
import type { CareEvent } from "../../src/domain/care-event.ts";
import { madeFrom } from "../../src/domain/made-from.ts";
import { makeMonths } from "../../src/worker/month-partitions.ts";
import { readPatients } from "../../src/worker/read-patients.ts";
import { eventColumns } from "../../src/worker/related-record.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { anySignal, inForce, versions, ways } from "./any-look-signals.ts";

const minuteMs = 60_000;
const start = Date.parse("2026-02-27T00:00:00Z");
const now = start + 100 * 60 * minuteMs;
/** From when on a signal's second definition is in force. */
const secondFrom = start + 40 * 60 * minuteMs;
const patients = Array.from({ length: 60 }, (_, number) => BigInt(1_000 * (number + 1)));

type Event = Pick<CareEvent, "activity" | "at" | "grade" | "byPerson"> & {
  /** 0 for the patient as a whole, else one of the patient's records. */
  readonly record: number;
  readonly actor: number | undefined;
  readonly kind: "laboratory" | "imaging";
  readonly early: number;
  readonly requested: boolean;
};

const on = (activity: CareEvent["activity"], grade: CareEvent["grade"], records: readonly number[]) => ({ activity, grade, records });
/** As relating makes them: what is on the patient as a whole, on reports, on a Task. Looks are most of all. */
const sorts = [
  ...[1, 2, 3].flatMap(() => [on("result.viewed", 1, [0]), on("result.viewed", 2, [1, 2, 3]), on("result.viewed", 3, [1, 2, 3])]),
  on("chart.opened", 0, [0]),
  ...(["result.issued", "result.amended", "result.acknowledged"] as const).flatMap((each) => [on(each, 3, [1, 2, 3]), on(each, 3, [1, 2])]),
  on("result.preliminary", 3, [1, 2, 3]),
  on("result.withdrawn", 3, [3]),
  on("result.actioned", 1, [0]),
  on("result.actioned", 3, [1, 2]),
  on("task.requested", 3, [4]),
  on("task.completed", 3, [4]),
  on("patient.died", 3, [0]),
];

const anyEvent: fc.Arbitrary<Event> = fc.constantFrom(...sorts).chain(({ activity, grade, records }) =>
  fc.record({
    activity: fc.constant(activity),
    grade: fc.constant(grade),
    record: fc.constantFrom(...records),
    // Few, so that many are at the same one; on both sides of a month's end.
    at: fc.integer({ min: 0, max: 45 }).map((turn) => start + turn * 120 * minuteMs),
    actor: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 6 }),
    byPerson: fc.constantFrom(true, true, true, false),
    kind: fc.constantFrom("laboratory", "imaging"),
    early: fc.constantFrom(0, 0, 60, 300),
    requested: fc.boolean(),
  }),
);

const isResult = (activity: string): boolean => ["result.preliminary", "result.issued", "result.amended"].includes(activity);

function rowOf(patient: bigint, event: Event, number: number) {
  const subject = patient + BigInt(event.record);
  return {
    patient_key: patient,
    at: event.at,
    event_id: patient * 1_000n + BigInt(number),
    site_id: 1,
    activity: event.activity,
    precision: number % 7 === 0 ? "upper-bound" : "exact",
    subject_key: subject,
    saying_key: event.activity.startsWith("task.") ? subject : patient + 100n + BigInt(number),
    subject_read: event.record !== 2 || number % 3 > 0,
    actor_key: event.actor === undefined ? undefined : BigInt(event.actor),
    actor_kind: event.byPerson ? "human" : "machine",
    by_person: event.byPerson,
    grade: event.grade,
    via: event.activity.startsWith("task.") ? "task" : number % 3 === 0 ? "provenance" : "audit",
    kind: event.kind,
    urgency: isResult(event.activity) ? "abnormal" : undefined,
    detail: isResult(event.activity)
      ? { result: { performers: ["5"], ...(event.requested && { requesters: ["4"] }) } }
      : event.activity === "result.viewed" && event.early > 0
        ? { startedAt: event.at - event.early * minuteMs }
        : undefined,
  };
}

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
  const { db } = connection;
  await makeMonths(db, [start, now]);
  const wards = fc.sample(fc.array(anyEvent, { minLength: 4, maxLength: 30, size: "max" }), { numRuns: patients.length, seed: 7 });
  const rows = wards.flatMap((events, place) => events.map((event, number) => rowOf(patients[place]!, event, number)));
  await insertRows(db, "care_event", eventColumns, rows, {});
  // 1 and 2 are one person; 3 is a name that the person 30 bears.
  const one = { resource_key: 2n, person_key: 1n, site_id: 1 };
  await db
    .insertInto("person")
    .values([one, { ...one, resource_key: 1n }])
    .execute();
  await db.insertInto("alias").values({ alias_key: 3n, resource_key: 30n, said_by: 30n, site_id: 1, name: "three" }).execute();
});
afterAll(() => connection.close());

const everyLook: LooksAsked = { named: lookActivities, all: lookActivities, raising: false, told: [], firsts: [] };

const readWith = (looks: LooksAsked) =>
  readPatients(connection.db, patients, { line: start - 1, start, now, looks }, { bySubject: new Map(), byPatient: new Map() });

function conclude(signals: readonly SignalHistory[], isSeen: boolean, views: ReadonlyMap<bigint, PatientView>) {
  const feed = { covered: [{ from: start - 1, to: now + 1 }], outages: [], silent: [], unreadable: [] };
  const view: SiteView = {
    site: "narrowed",
    feeds: new Map(["DiagnosticReport", "AuditEvent", "Task", "Provenance"].map((type) => [type, feed])),
    madeFrom,
    watchFrom: start,
    blindAfterMs: 0,
    closingSeen: new Set(isSeen ? signals.map(({ id }) => id) : []),
    signals,
  };
  return patients.map((patient) => {
    const { loops, closingSeen } = detectPatient(view, views.get(patient)!, now);
    return { patient, loops: [...loops].sort((one, other) => (one.id < other.id ? -1 : 1)), closingSeen: [...closingSeen].sort() };
  });
}

function idsOf(views: ReadonlyMap<bigint, PatientView>): string[] {
  return [...views.values()].flatMap(({ events }) => events.map(({ id }) => id));
}

let every: ReadonlyMap<bigint, PatientView>;
beforeAll(async () => (every = await readWith(everyLook)));

/** What is concluded of what is read for these signals is what is concluded of everything; and what that is. */
async function compare(signals: readonly SignalHistory[], isSeen: boolean) {
  const looks = looksAsked(signals);
  const read = await readWith(looks);
  const concluded = conclude(signals, isSeen, every);
  expect(conclude(signals, isSeen, read)).toEqual(concluded);
  const ids = idsOf(read);
  expect(new Set(ids).size).toBe(ids.length);
  return {
    looks,
    spared: idsOf(every).length - ids.length,
    verdicts: concluded.flatMap(({ loops }) => loops.map(({ verdict }) => verdict)),
  };
}

test("what is concluded of the looks that are read is what is concluded of all of them, whatever the definitions", async () => {
  const tally = { met: 0, missed: 0, occurred: 0, spared: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(anySignal, { minLength: 1, maxLength: 2 }), fc.boolean(), async (signals, isSeen) => {
      const { looks, spared, verdicts } = await compare(inForce(signals, secondFrom), isSeen);
      expect(looks.all).toEqual([]);
      tally.spared += spared;
      for (const verdict of verdicts) if (verdict in tally) tally[verdict as keyof typeof tally] += 1;
    }),
    { numRuns: 50 },
  );
  // Not in vain: looks were left out, and loops ended in every way.
  expect(Math.min(...Object.values(tally))).toBeGreaterThan(20);
});

test.each(Object.entries(ways))("where a signal %s all of them are read", async (_, template) => {
  await fc.assert(
    fc.asyncProperty(versions(template), fc.boolean(), async (templates, isSeen) => {
      const { looks } = await compare(inForce([templates], secondFrom), isSeen);
      expect(looks.all).toContain("result.viewed");
    }),
    { numRuns: 5 },
  );
});
