import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { SignalHistory } from "../../src/detect/detection.ts";
import { looksAsked } from "../../src/detect/looks-asked.ts";
import type { Signal } from "../../src/domain/signal.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { readEvents } from "../../src/worker/read-events.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { observation, order, patient, report } from "../store/small-ward.ts";
import { catalogue, listVerdicts, scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

/** One doctor under two ids of two systems, which a number joins; and one of the same ward. */
const doctors = ["hale", "hale-of-icu", "other"].map((id) => ({
  resourceType: "Practitioner",
  id,
  identifier: [{ system: "https://fhir.hl7.org.uk/Id/gmc-number", value: id === "other" ? "7654321" : "1234567" }],
}));

function look(ofReport: string, doctor: string, number: number) {
  return {
    resourceType: "AuditEvent",
    id: `${ofReport}-look-${doctor}-${String(number)}`,
    action: "R",
    recorded: `2026-03-01T1${String(number)}:00:00Z`,
    outcome: "0",
    agent: [{ who: { reference: `Practitioner/${doctor}` }, requestor: true }],
    entity: [{ what: { reference: `DiagnosticReport/${ofReport}` } }],
  };
}

function orderFor(id: string) {
  const more = {
    subject: { reference: `Patient/${id}` },
    authoredOn: "2026-03-02T09:00:00Z",
    requester: { reference: "Practitioner/hale-of-icu" },
  };
  return order(`${id}-order`, more);
}

/** In force since ever. */
function asHeld(signals: readonly Signal[]): SignalHistory[] {
  return signals.map((signal) => ({ id: signal.id, versions: [{ from: -Infinity, signal }] }));
}

test("of all looks detection reads those of whoever ordered something for the patient, under any of their names", async () => {
  const ward = ["k", "l", "m"].flatMap((id) => [patient(id), report(id), observation(id, "HH")]);
  // Of k the one who ordered had looked; of l another; of m one looked, and nobody ordered anything.
  const looks = [look("k", "hale", 0), look("k", "other", 1), look("l", "other", 0), look("m", "hale", 0)];
  await scanResources(connection, {
    resources: [...doctors, ...ward, ...looks, orderFor("k"), orderFor("l")],
    now: "2026-06-01T00:00:00Z",
  });
  const verdicts = await listVerdicts(connection, "result-no-action");
  expect(verdicts.map((each) => each.split(" ", 2).join(" "))).toEqual(["k met", "l unknown", "m unknown"]);

  const patients = await connection.db.selectFrom("care_event").select("patient_key").distinct().execute();
  const bounds = { line: 0, start: 0, now: Date.parse("2026-06-01T00:00:00Z"), looks: looksAsked(asHeld(catalogue)) };
  const events = await readEvents(
    connection.db,
    patients.map((row) => row.patient_key),
    bounds,
  );
  expect([...events.values()].map((held) => held.filter(({ activity }) => activity === "result.viewed").length).sort()).toEqual([0, 0, 1]);
});

test("where a signal takes looks as closing evidence, or as what somebody did not do before, it is told which of them bear on it", () => {
  const only = (id: string) => looksAsked(asHeld(readCatalogue().flatMap(({ signal }) => (signal.id === id ? [signal] : []))));
  expect(looksAsked(asHeld(catalogue))).toEqual({ named: [], all: [], raising: true, told: [], firsts: [] });
  const told = (id: string) => expect.objectContaining({ id }) as unknown;
  expect(only("result-amended-unreviewed")).toEqual({
    named: ["result.viewed"],
    all: [],
    raising: false,
    told: [told("result-amended-unreviewed")],
    firsts: [{ activity: ["result.viewed"], gradeAtLeast: 2, by: "person", closes: told("result-amended-unreviewed") }],
  });
  expect(only("acknowledged-unviewed")).toEqual({
    named: ["result.viewed"],
    all: [],
    raising: false,
    told: [told("acknowledged-unviewed")],
    firsts: [{ activity: ["result.viewed"], gradeAtLeast: 1, by: "person" }],
  });
  expect(only("task-overdue")).toMatchObject({ named: [], raising: false });
});
