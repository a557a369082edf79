import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export interface FeedSize {
  readonly patients: number;
  /** Days of history; one more day comes as the increment. */
  readonly days: number;
  readonly reportsADay: number;
  /** AuditEvents for each report. */
  readonly looks: number;
}

export const dayMs = 86_400_000;
const start = Date.parse("2026-01-01T00:00:00Z");

/** Before whose midnight each part of the feed ends; days before the first are negative. */
export function endOf(day: number): number {
  return start + day * dayMs;
}

export type Resource = Readonly<Record<string, unknown>>;

/**
 * A ward's records of some days as NDJSON with its coverage, a file a day and type, every other one packed: for each report
 * its Observation, AuditEvents, and every third time a Task. The same on every machine.
 */
export function writeFeed(folder: string, size: FeedSize, fromDay: number, toDay: number): void {
  mkdirSync(folder, { recursive: true });
  if (fromDay === 0) {
    writeFileSync(join(folder, "Patient.ndjson"), asLines(listPatients(size.patients)));
  }
  for (let day = fromDay; day < toDay; day += 1) {
    const resources: Resource[] = [];
    for (let number = day * size.reportsADay; number < (day + 1) * size.reportsADay; number += 1) {
      const at = endOf(day) + ((number % size.reportsADay) / size.reportsADay) * 0.8 * dayMs;
      addResult((resource) => resources.push(resource), { number, at, patients: size.patients, looks: size.looks });
    }
    for (const [type, ofType] of Map.groupBy(resources, (resource) => String(resource["resourceType"]))) {
      const name = join(folder, `${type}.${String(day).padStart(4, "0")}.ndjson`);
      if (day % 2 === 0) writeFileSync(name, asLines(ofType));
      else writeFileSync(`${name}.gz`, gzipSync(asLines(ofType)));
    }
  }
  writeCoverage(folder, fromDay, toDay);
}

export function writeCoverage(folder: string, fromDay: number, toDay: number): void {
  const interval = [iso(endOf(fromDay)), iso(endOf(toDay))];
  writeFileSync(
    join(folder, "coverage.json"),
    JSON.stringify({ AuditEvent: [interval], DiagnosticReport: [interval], Observation: [interval], Task: [interval] }),
  );
}

export function listPatients(patients: number, ward = ""): Resource[] {
  return Array.from({ length: patients }, (_, number) => ({ resourceType: "Patient", id: `${ward}p${number}`, birthDate: "1960-05-01" }));
}

export function asLines(resources: readonly Resource[]): string {
  return resources.map((resource) => `${JSON.stringify(resource)}\n`).join("");
}

export interface Result {
  readonly number: number;
  readonly at: number;
  /** Of how many patients it is one's. */
  readonly patients: number;
  /** AuditEvents for the report. */
  readonly looks: number;
  /** Before every id but a clinician's. */
  readonly ward?: string;
}

export function addResult(add: (resource: Resource) => void, { number, at, patients, looks, ward = "" }: Result): void {
  const dice = diceOf(number);
  const patient = patientOf(dice, patients, ward);
  const report = { reference: `DiagnosticReport/${ward}r${number}` };
  const potassium = 3 + 4 * dice();
  add({
    resourceType: "Observation",
    id: `${ward}o${number}`,
    status: "final",
    category: [{ coding: [{ code: "laboratory" }] }],
    code: { coding: [{ system: "http://loinc.org", code: "2823-3" }], text: "Potassium" },
    subject: patient,
    effectiveDateTime: iso(at),
    valueQuantity: { value: Number(potassium.toFixed(1)), unit: "mmol/L", system: "http://unitsofmeasure.org", code: "mmol/L" },
    referenceRange: [{ low: { value: 3.5 }, high: { value: 5.3 } }],
    meta: { versionId: "1", lastUpdated: iso(at) },
  });
  add({
    resourceType: "DiagnosticReport",
    id: `${ward}r${number}`,
    status: "final",
    category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "LAB" }] }],
    code: { text: "Potassium" },
    subject: patient,
    issued: iso(at),
    result: [{ reference: `Observation/${ward}o${number}` }],
    performer: [{ reference: "Organization/laboratory" }],
    meta: { versionId: "1", lastUpdated: iso(at) },
  });
  for (let look = 0; look < looks; look += 1) add(lookAt(number, look, { at, patient, report, dice, ward }));
  if (number % 3 === 0) {
    const isDone = dice() < 0.8;
    add({
      resourceType: "Task",
      id: `${ward}t${number}`,
      status: isDone ? "completed" : "requested",
      intent: "order",
      priority: "urgent",
      for: patient,
      focus: report,
      authoredOn: iso(at),
      lastModified: iso(at + (isDone ? 3_600_000 : 0)),
      owner: { reference: `Practitioner/d${Math.floor(dice() * 40)}` },
      meta: { versionId: "1", lastUpdated: iso(at + (isDone ? 3_600_000 : 0)) },
    });
  }
}

/** Somebody looks again, at another time, at what came earlier. */
export function addLaterLook(add: (resource: Resource) => void, { number, at, patients, looks, ward = "" }: Result): void {
  const dice = diceOf(number);
  const patient = patientOf(dice, patients, ward);
  add(lookAt(number, looks, { at, patient, report: { reference: `DiagnosticReport/${ward}r${number}` }, dice, ward }));
}

function patientOf(dice: () => number, patients: number, ward: string): Reference {
  return { reference: `Patient/${ward}p${Math.floor(dice() * patients)}` };
}

interface Looked {
  readonly at: number;
  readonly patient: Reference;
  readonly report: Reference;
  readonly dice: () => number;
  readonly ward: string;
}

interface Reference {
  readonly reference: string;
}

/** Most of what an EPR audits: reports, charts and lists of results opened, a few Observations and Tasks; one verifies the report. */
function lookAt(number: number, look: number, { at, patient, report, dice, ward }: Looked): Resource {
  const isVerify = look === 3 && dice() < 0.7;
  const kind = isVerify ? 0 : dice();
  const restful = (code: string): Resource => ({ system: "http://hl7.org/fhir/restful-interaction", code });
  const ofPatient = { what: patient, role: { code: "1" } };
  const isSearch = kind >= 0.75 && kind < 0.9;
  const query = Buffer.from(`DiagnosticReport?${patient.reference.replace("Patient/", "patient=")}`).toString("base64");
  const entity =
    kind < 0.55
      ? [{ what: report }, ofPatient]
      : kind < 0.75
        ? [{ ...ofPatient, role: { code: "4" } }]
        : isSearch
          ? [{ role: { code: "24" }, query }, ofPatient]
          : [{ what: { reference: kind < 0.95 ? `Observation/${ward}o${number}` : `Task/${ward}t${number - (number % 3)}` } }, ofPatient];
  return {
    resourceType: "AuditEvent",
    id: `${ward}a${number}-${look}`,
    meta: { versionId: "1", lastUpdated: iso(at + (look + 1) * 60_000) },
    type: { system: "http://terminology.hl7.org/CodeSystem/audit-event-type", code: "rest" },
    subtype: [
      isVerify
        ? { system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code: "verify" }
        : restful(isSearch ? "search-type" : "read"),
    ],
    action: isVerify ? "U" : isSearch ? "E" : "R",
    recorded: iso(at + (look + 1) * 600_000 * dice()),
    outcome: "0",
    agent: [{ requestor: true, who: { reference: `Practitioner/d${Math.floor(dice() * 400)}` } }],
    source: { observer: { display: "EPR" } },
    entity,
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Numbers in [0, 1) that hang on the seed alone (mulberry32). */
function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
