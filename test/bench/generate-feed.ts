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

const dayMs = 86_400_000;
const start = Date.parse("2026-01-01T00:00:00Z");

/** Before whose midnight each part of the feed ends. */
export function endOf(day: number): number {
  return start + day * dayMs;
}

type Resource = Readonly<Record<string, unknown>>;

/**
 * A ward's records of some days as NDJSON with its coverage, a file a day and type, every other one packed: for each report
 * its Observation, AuditEvents, and every third time a Task. The same on every machine.
 */
export function writeFeed(folder: string, size: FeedSize, fromDay: number, toDay: number): void {
  mkdirSync(folder, { recursive: true });
  if (fromDay === 0) {
    const lines = Array.from({ length: size.patients }, (_, number) => ({
      resourceType: "Patient",
      id: `p${number}`,
      birthDate: "1960-05-01",
    }));
    writeFileSync(join(folder, "Patient.ndjson"), asLines(lines));
  }
  for (let day = fromDay; day < toDay; day += 1) {
    const resources: Resource[] = [];
    for (let number = day * size.reportsADay; number < (day + 1) * size.reportsADay; number += 1) {
      addResult((resource) => resources.push(resource), size, number);
    }
    for (const [type, ofType] of Map.groupBy(resources, (resource) => String(resource["resourceType"]))) {
      const name = join(folder, `${type}.${String(day).padStart(4, "0")}.ndjson`);
      if (day % 2 === 0) writeFileSync(name, asLines(ofType));
      else writeFileSync(`${name}.gz`, gzipSync(asLines(ofType)));
    }
  }
  const interval = [iso(endOf(fromDay)), iso(endOf(toDay))];
  writeFileSync(
    join(folder, "coverage.json"),
    JSON.stringify({ AuditEvent: [interval], DiagnosticReport: [interval], Observation: [interval], Task: [interval] }),
  );
}

function asLines(resources: readonly Resource[]): string {
  return resources.map((resource) => `${JSON.stringify(resource)}\n`).join("");
}

function addResult(add: (resource: Resource) => void, { patients, reportsADay, looks }: FeedSize, number: number): void {
  const dice = diceOf(number);
  const patient = { reference: `Patient/p${Math.floor(dice() * patients)}` };
  const at = endOf(Math.floor(number / reportsADay)) + ((number % reportsADay) / reportsADay) * 0.8 * dayMs;
  const report = { reference: `DiagnosticReport/r${number}` };
  const potassium = 3 + 4 * dice();
  add({
    resourceType: "Observation",
    id: `o${number}`,
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
    id: `r${number}`,
    status: "final",
    category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "LAB" }] }],
    code: { text: "Potassium" },
    subject: patient,
    issued: iso(at),
    result: [{ reference: `Observation/o${number}` }],
    performer: [{ reference: "Organization/laboratory" }],
    meta: { versionId: "1", lastUpdated: iso(at) },
  });
  for (let look = 0; look < looks; look += 1) add(lookAt(number, look, { at, patient, report, dice }));
  if (number % 3 === 0) {
    const isDone = dice() < 0.8;
    add({
      resourceType: "Task",
      id: `t${number}`,
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

interface Looked {
  readonly at: number;
  readonly patient: Reference;
  readonly report: Reference;
  readonly dice: () => number;
}

interface Reference {
  readonly reference: string;
}

/** Most of what an EPR audits: reports, charts and lists of results opened, a few Observations and Tasks; one verifies the report. */
function lookAt(number: number, look: number, { at, patient, report, dice }: Looked): Resource {
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
          : [{ what: { reference: kind < 0.95 ? `Observation/o${number}` : `Task/t${number - (number % 3)}` } }, ofPatient];
  return {
    resourceType: "AuditEvent",
    id: `a${number}-${look}`,
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
