import type { Chart, Encounter } from "../chart.ts";
import { dialectOf } from "../dialect.ts";
import { MINUTE } from "../london-time.ts";
import { iso } from "./iso.ts";
import { HL7, recordOf, reference, type FhirRecord, type Json } from "./record.ts";
import { shapeR5 } from "./shape-r5.ts";
import { writeActions, writeCalls } from "./write-actions.ts";
import { writeAppointments } from "./write-appointments.ts";
import { writeAudits } from "./write-audits.ts";
import { writeFindings } from "./write-findings.ts";
import { writeLetters } from "./write-letters.ts";
import { writeMedicines } from "./write-medicines.ts";
import { writeOrders } from "./write-orders.ts";
import { writeProcedures } from "./write-procedures.ts";
import { writeProvenances } from "./write-provenances.ts";
import { writeResults } from "./write-results.ts";
import { writeSamples } from "./write-samples.ts";
import { writeScores } from "./write-scores.ts";
import { writeStudies } from "./write-studies.ts";
import { writeTasks } from "./write-tasks.ts";

/** All records of one patient that the EPR had stored by the end of the simulated time. */
export function* writeChart(chart: Chart): Generator<FhirRecord> {
  yield* shape(chart, listCare(chart));
  yield* writeWork(chart);
}

/** What staff did about it alone: for clinical records that are there already. */
export function* writeWork(chart: Chart): Generator<FhirRecord> {
  yield* shape(chart, listWork(chart));
  const { options, now } = chart.hospital;
  const { audit } = dialectOf[options.dialect];
  if (audit !== "none") for (const record of writeAudits(chart, audit)) if (record.storedAt < now) yield record;
}

function* shape(chart: Chart, records: Iterable<FhirRecord>): Generator<FhirRecord> {
  const { options, now } = chart.hospital;
  const { fhir } = dialectOf[options.dialect];
  for (const record of records) {
    if (record.storedAt >= now) continue;
    yield fhir === "r5" ? { ...record, body: shapeR5(record.type, record.body) } : record;
  }
}

function* listCare(chart: Chart): Generator<FhirRecord> {
  yield* writePatient(chart);
  for (const encounter of chart.encounters) yield* writeEncounter(chart, encounter);
  yield* writeOrders(chart);
  yield* writeResults(chart);
  yield* writeStudies(chart);
  yield* writeScores(chart);
  yield* writeProcedures(chart);
  yield* writeFindings(chart);
  yield* writeMedicines(chart);
  yield* writeSamples(chart);
}

function* listWork(chart: Chart): Generator<FhirRecord> {
  yield* writeActions(chart);
  yield* writeCalls(chart);
  yield* writeTasks(chart);
  yield* writeAppointments(chart);
  yield* writeLetters(chart);
  yield* writeProvenances(chart);
}

function writePatient({ patient, encounters, hospital }: Chart): FhirRecord[] {
  const { nhsNumber, family, given, gender, birthDate, diedAt } = patient;
  const content: Json = {
    identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: nhsNumber }],
    name: [{ use: "official", family, given: [given] }],
    gender,
    birthDate,
  };
  const at = Math.max(hospital.start, (encounters[0]?.from ?? hospital.start) - 5 * MINUTE);
  const death = diedAt === undefined ? [] : [{ at: diedAt, content: { ...content, deceasedDateTime: iso(diedAt) } }];
  return recordOf(patient.key, [{ at, content }, ...death]);
}

function writeEncounter({ patient }: Chart, encounter: Encounter): FhirRecord[] {
  const { key, class: code, team, from, to } = encounter;
  const content = (status: string, period: Json): Json => ({
    status,
    class: { system: `${HL7}/v3-ActCode`, code },
    subject: reference(patient.key),
    period,
    serviceProvider: reference(team.key),
  });
  return recordOf(key, [
    { at: from, content: content("in-progress", { start: iso(from) }) },
    { at: to, content: content("finished", { start: iso(from), end: iso(to) }) },
  ]);
}
