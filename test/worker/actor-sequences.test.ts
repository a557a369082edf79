import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { copiedBy } from "../../src/domain/by-actor.ts";
import type { SequenceStep, Signal } from "../../src/domain/signal.ts";
import { commandLineViewer } from "../../src/domain/viewer.ts";
import { listWanted, wantedBy } from "../../src/domain/wanted.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { listFindings } from "../../src/store/finding.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { readOutcome } from "../property/outcome.ts";
import { dumpRows, loadRows } from "../storage/copy-rows.ts";
import { listVerdicts, scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const signal = readCatalogue().find((file) => file.signal.id === "wrong-patient-reorder")!.signal;
const days = [["2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"]] as const;
const coverage = { MedicationRequest: days, AuditEvent: days };
const at = (minute: number) => `2026-03-02T09:${String(minute).padStart(2, "0")}:00Z`;

interface Order {
  readonly minute: number;
  readonly patient: string;
  readonly by?: string;
  readonly drug?: string;
  readonly status?: string;
  readonly version?: number;
  /** Of a later version. */
  readonly placed?: number;
}

const order = (
  id: string,
  { minute, patient, by = "Practitioner/doctor", drug = "insulin", status = "active", version = 1, placed }: Order,
) => ({
  resourceType: "MedicationRequest",
  id,
  meta: { versionId: String(version), lastUpdated: at(minute) },
  status,
  intent: "order",
  authoredOn: at(placed ?? minute),
  subject: { reference: `Patient/${patient}` },
  requester: { reference: by },
  medicationCodeableConcept: { coding: [{ system: "https://dmd.nhs.uk", code: drug }] },
});
const placed = order("x", { minute: 0, patient: "p" });
const revoked = order("x", { minute: 4, placed: 0, patient: "p", status: "cancelled", version: 2 });
const again = order("y", { minute: 6, patient: "q" });
const wrongPatient = [placed, revoked, again];

async function scan(resources: readonly object[] | undefined, signals: readonly Signal[] = [signal], now = "2026-03-10T00:00:00Z") {
  await scanResources(connection, { ...(resources && { resources }), coverage, now, signals });
  return listVerdicts(connection, signals[0]?.id ?? signal.id);
}
const occurred = [`x occurred ${at(6).replace("Z", ".000Z")}`];
const role = (practitioner: string, version = 1) => ({
  resourceType: "PractitionerRole",
  id: "r",
  meta: { versionId: String(version), lastUpdated: `2026-03-0${String(version)}T00:00:00Z` },
  practitioner: { reference: `Practitioner/${practitioner}` },
});

describe("an order that is taken back and placed for another patient", () => {
  test("is found whatever arrives last, in one scan or in three, and again by a rebuild", async () => {
    expect(await scan(wrongPatient)).toEqual(occurred);
    const once = await readOutcome(connection.db);
    for (const turn of [0, 1, 2]) {
      await truncateAll(connection.db);
      const [last, ...first] = [...wrongPatient.slice(turn), ...wrongPatient.slice(0, turn)].toReversed();
      // An order first seen as taken back was placed all the same.
      expect(await scan(first)).toEqual(last === placed ? occurred : []);
      expect(await scan([last!])).toEqual(occurred);
      expect((await readOutcome(connection.db)).loops).toEqual(once.loops);
      await scanResources(connection, { coverage, now: "2026-03-10T00:00:00Z", signals: [signal], rebuild: true });
      expect((await readOutcome(connection.db)).loops).toEqual(once.loops);
    }
  });

  test("is none before its last step has come, nor for a machine, another person, another medicine or the same patient", async () => {
    expect(await scan(wrongPatient, [signal], at(5))).toEqual([]);
    expect(await scan(undefined, [signal], at(6))).toEqual(occurred);
    expect(await scan(undefined, [signal], at(5))).toEqual([]);
    for (const other of [{ by: "Device/epr" }, { by: "Practitioner/other" }, { drug: "heparin" }, { patient: "p" }]) {
      await truncateAll(connection.db);
      expect(await scan([placed, revoked, order("y", { minute: 6, patient: "q", ...other })])).toEqual([]);
    }
  });

  test("is taken back itself when the second order was a mistake as well", async () => {
    await scan(wrongPatient);
    // What else happens to the first patient judges the patient again, and not the person.
    expect(await scan([order("z", { minute: 0, patient: "p", by: "Practitioner/other" })])).toEqual(occurred);
    expect(await scan([order("y", { minute: 30, placed: 6, patient: "q", status: "entered-in-error", version: 2 })])).toEqual([]);
  });

  test("follows who is who: a role that turns out to be the same person's, and then another's", async () => {
    const byRole = order("y", { minute: 6, patient: "q", by: "PractitionerRole/r" });
    expect(await scan([placed, revoked, byRole])).toEqual([]);
    expect(await scan([role("doctor")])).toEqual(occurred);
    expect(await scan([role("other", 2)])).toEqual([]);
  });

  test("is none once both patients turn out to be one", async () => {
    await scan(wrongPatient);
    const meta = { versionId: "1", lastUpdated: "2026-03-03T00:00:00Z" };
    const joined = { resourceType: "Patient", id: "q", meta, link: [{ other: { reference: "Patient/p" }, type: "replaces" }] };
    expect(await scan([joined])).toEqual([]);
  });

  test("is found in what is held once the signal is turned on, and gone when it is turned off", async () => {
    const other = readCatalogue().find((file) => file.signal.id === "task-bounced")!.signal;
    expect(await scan(wrongPatient, [other])).toEqual([]);
    expect(await scan(undefined)).toEqual(occurred);
    await scan(undefined, [other]);
    expect(await listVerdicts(connection, signal.id)).toEqual([]);
    expect(await scan(undefined)).toEqual(occurred);
  });

  test("is a finding on the first order, with what was ordered for the other patient, and without the person", async () => {
    await scan(wrongPatient);
    const { findings } = await listFindings(connection.db, commandLineViewer, { all: true }, { limit: 5 });
    expect(findings[0]?.evidence.map(({ activity, record, actor }) => [activity, record, actor])).toEqual([
      ["order.placed", "MedicationRequest/x", null],
      ["order.revoked", "MedicationRequest/x", null],
      ["order.placed", "MedicationRequest/y", null],
    ]);
  });
});

test("a site's own signal may count what one person does for all patients", async () => {
  const first: SequenceStep = { activity: ["order.revoked"], by: "person", same: [], different: [] };
  const step: SequenceStep = { ...first, same: ["actor"], withinMs: 600_000 };
  const often: Signal = { ...signal, id: "often-revoked", loop: undefined, sequence: { steps: [first, step, step] } };
  const cancelled = ["p", "q", "s"].map((patient, index) =>
    order(patient, { minute: index * 3, patient, status: "cancelled", by: index === 2 ? "PractitionerRole/r" : "Practitioner/doctor" }),
  );
  expect(await scan([role("doctor"), ...cancelled], [often])).toEqual([`p occurred ${at(6).replace("Z", ".000Z")}`]);
});

test("the acts of persons split over four databases give what one database gives", async () => {
  const second = ["a", "b", "c"].flatMap((name) =>
    wrongPatient.map((each) => ({
      ...each,
      id: `${each.id}-${name}`,
      requester: { reference: `Practitioner/${name}` },
    })),
  );
  await scan([...wrongPatient, ...second]);
  const whole = (await readOutcome(connection.db)).loops;
  expect(whole).toHaveLength(4);
  const wanted = listWanted(wantedBy([signal]), copiedBy([signal]));
  const reference = ["site", "feed", "coverage", "signal_version", "person", "alias", "record"];
  const copied = await Promise.all(reference.map(async (table) => [table, await dumpRows(connection.db, table)] as const));
  const parts = await Promise.all(
    [0, 1, 2, 3].map((part) => dumpRows(connection.db, "actor_event", sql`mod(mod(person_key, 4) + 4, 4) = ${part}`)),
  );
  const found: (typeof whole)[number][] = [];
  for (const part of parts) {
    await truncateAll(connection.db);
    for (const [table, rows] of copied) await loadRows(connection.db, table, rows);
    await loadRows(connection.db, "actor_event", part);
    // Nothing is related anew: it was made already, and is here. All of it is judged.
    const judgedWith = { feeds: {}, closingSeen: [], watchFrom: null, settings: "", quarantined: [], wanted };
    await sql`update site set judged_at = null, judged_with = ${JSON.stringify(judgedWith)}::jsonb`.execute(connection.db);
    await scan(undefined);
    found.push(...(await readOutcome(connection.db)).loops);
  }
  expect(found.map((loop) => loop.loop_id).sort()).toEqual(whole.map((loop) => loop.loop_id).sort());
});
