import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer } from "../../src/domain/viewer.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { listFindings } from "../../src/store/finding.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { readOutcome } from "../property/outcome.ts";
import { scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const signals = [readCatalogue().find(({ signal }) => signal.id === "dose-missed")!.signal];
const days = [["2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"]] as const;
const coverage = { MedicationRequest: days, MedicationAdministration: days, Encounter: days };
const subject = { reference: "Patient/p" };
const at = (day: number, time: string) => `2026-03-0${String(day)}T${time}:00Z`;

const stay = (end?: string) => ({
  resourceType: "Encounter",
  id: "stay",
  meta: { versionId: end ? "2" : "1", lastUpdated: end ?? at(1, "09:00") },
  status: end ? "finished" : "in-progress",
  class: { code: "IMP" },
  subject,
  period: { start: at(1, "09:00"), ...(end && { end }) },
});
const order = (version: number, written: string, timeOfDay: readonly string[], status = "active") => ({
  resourceType: "MedicationRequest",
  id: "x",
  meta: { versionId: String(version), lastUpdated: written },
  status,
  intent: "order",
  authoredOn: at(2, "07:00"),
  subject,
  encounter: { reference: "Encounter/stay" },
  medicationCodeableConcept: { coding: [{ system: "http://snomed.info/sct", code: "387086006" }] },
  dosageInstruction: [{ timing: { repeat: { frequency: timeOfDay.length, period: 1, periodUnit: "d", timeOfDay } } }],
});
const administration = (id: string, when: string, status = "completed") => ({
  resourceType: "MedicationAdministration",
  id,
  meta: { versionId: "1", lastUpdated: when },
  status,
  subject,
  effectiveDateTime: when,
  request: { reference: "MedicationRequest/x" },
  medicationCodeableConcept: { text: "Levodopa" },
});

const first = order(1, at(2, "07:00"), ["08:00:00", "12:00:00", "18:00:00"]);
const moved = order(2, at(3, "10:00"), ["09:00:00", "21:00:00"]);
const stopped = order(3, at(4, "08:30"), ["09:00:00", "21:00:00"], "stopped");
const resources = [
  stay(),
  first,
  administration("on-time", at(2, "08:10")),
  administration("late", at(2, "13:30")),
  administration("left-out", at(2, "18:05"), "not-done"),
  administration("early", at(3, "07:20")),
  moved,
  administration("moved", at(3, "21:59")),
  stopped,
];
// Moved on the third at ten: neither twelve nor eighteen is due any more; stopped before nine on the fourth.
const expected = ["03-02T08:00 met", "03-02T12:00 late", "03-02T18:00 missed", "03-03T08:00 met", "03-03T21:00 met"];

async function scan(more: readonly object[] | undefined, now: string, rebuild?: true): Promise<string[]> {
  await scanResources(connection, { ...(more && { resources: more }), coverage, now, signals, ...(rebuild && { rebuild }) });
  const rows = await connection.db.selectFrom("loop").select(["opened_at", "verdict"]).orderBy("opened_at").execute();
  return rows.map(({ opened_at, verdict }) => `${new Date(opened_at).toISOString().slice(5, 16)} ${verdict}`);
}

describe("doses", () => {
  test("are due by the version in force, and the same however often and in whatever order it is scanned", async () => {
    expect(await scan(resources, at(6, "00:00"))).toEqual(expected);
    const { loops } = await readOutcome(connection.db);
    expect(await scan(undefined, at(6, "00:00"), true)).toEqual(expected);
    expect((await readOutcome(connection.db)).loops).toEqual(loops);
    await truncateAll(connection.db);
    for (const each of resources.toReversed()) await scan([each], at(6, "00:00"));
    expect((await readOutcome(connection.db)).loops).toEqual(loops);
  });

  test("come as time passes, with nothing new to read", async () => {
    await scan([stay(), first, administration("on-time", at(2, "08:10"))], at(2, "07:30"));
    expect(await scan(undefined, at(2, "07:59"))).toEqual([]);
    expect(await scan(undefined, at(2, "08:00"))).toEqual(["03-02T08:00 pending"]);
    expect(await scan(undefined, at(2, "13:00"))).toEqual(["03-02T08:00 met", "03-02T12:00 missed"]);
    const steps = await scan(undefined, at(3, "09:00"));
    expect(steps).toEqual(["03-02T08:00 met", "03-02T12:00 missed", "03-02T18:00 missed", "03-03T08:00 missed"]);
    const { loops } = await readOutcome(connection.db);
    await scan(undefined, at(3, "09:00"), true);
    expect((await readOutcome(connection.db)).loops).toEqual(loops);
    // Of an order without an end no more is kept than its own row.
    expect((await readOutcome(connection.db)).events.filter(({ activity }) => activity === "dose.due")).toHaveLength(1);
    // An earlier instant knows less.
    expect(await scan(undefined, at(2, "12:30"))).toEqual(["03-02T08:00 met", "03-02T12:00 pending"]);
  });

  test("end with the stay, also where that is learnt later", async () => {
    await scan([stay(), first, administration("on-time", at(2, "08:10"))], at(4, "00:00"));
    expect(await scan([stay(at(2, "15:00"))], at(4, "00:00"))).toEqual(["03-02T08:00 met", "03-02T12:00 missed"]);
  });

  test("are called off, every one, by a prescription that turns out entered in error", async () => {
    const voided = order(3, at(4, "08:30"), ["09:00:00", "21:00:00"], "entered-in-error");
    const doses = await scan([...resources.filter((each) => each !== stopped), voided], at(6, "00:00"));
    expect(doses).toEqual(expected.map((each) => each.replace(/\w+$/, "cancelled")));
  });

  test("may have been given early, or stopped before, where that was not read", async () => {
    const hour = (from: string, to: string) => [[days[0][0], at(3, from)] as const, [at(3, to), days[0][1]] as const];
    const seen = async (type: string, covered: readonly (readonly [string, string])[]) => {
      const records = [stay(), first, administration("on-time", at(2, "08:10"))];
      await scanResources(connection, { resources: records, coverage: { ...coverage, [type]: covered }, now: at(3, "11:00"), signals });
      const rows = await connection.db.selectFrom("loop").select(["verdict", "cancelling_gaps"]).orderBy("opened_at", "desc").execute();
      return { verdict: rows[0]?.verdict, named: rows[0]?.cancelling_gaps.length };
    };
    expect(await seen("MedicationAdministration", hour("07:30", "07:40"))).toEqual({ verdict: "unknown", named: 0 });
    expect(await seen("MedicationAdministration", days)).toEqual({ verdict: "missed", named: 0 });
    await truncateAll(connection.db);
    expect(await seen("MedicationAdministration", hour("06:30", "07:00"))).toEqual({ verdict: "missed", named: 0 });
    await truncateAll(connection.db);
    expect(await seen("MedicationRequest", hour("01:00", "02:00"))).toEqual({ verdict: "missed", named: 1 });
    expect(await seen("MedicationRequest", days)).toEqual({ verdict: "missed", named: 0 });
  });

  test("stand in a finding with what was left out, and when it was due", async () => {
    await scan(resources, at(6, "00:00"));
    const { findings } = await listFindings(connection.db, commandLineViewer, { all: true, verdicts: ["missed"] }, { limit: 5 });
    expect(findings.map(({ subject: on, evidence }) => [on, evidence.map(({ activity, at: when }) => `${activity} ${when}`)])).toEqual([
      ["MedicationRequest/x", expect.arrayContaining([`dose.due ${at(2, "18:00")}`, `dose.omitted ${at(2, "18:05")}`]) as string[]],
    ]);
  });
});
