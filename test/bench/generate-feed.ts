import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface FeedSize {
  readonly patients: number;
  /** Days of history; one more day comes as the increment. */
  readonly days: number;
  readonly reportsADay: number;
}

const dayMs = 86_400_000;
const start = Date.parse("2026-01-01T00:00:00Z");

/** Before whose midnight each part of the feed ends. */
export function endOf(day: number): number {
  return start + day * dayMs;
}

type Resource = Readonly<Record<string, unknown>>;

/** A ward's records of some days as NDJSON with its coverage: for each report four audit events, and every third one a Task. The same on every machine. */
export function writeFeed(folder: string, size: FeedSize, fromDay: number, toDay: number): void {
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, string[]>();
  const add = (resource: Resource): void => {
    const type = String(resource["resourceType"]);
    const lines = files.get(type) ?? [];
    lines.push(JSON.stringify(resource));
    files.set(type, lines);
  };
  if (fromDay === 0)
    for (let number = 0; number < size.patients; number += 1) add({ resourceType: "Patient", id: `p${number}`, birthDate: "1960-05-01" });
  for (let number = fromDay * size.reportsADay; number < toDay * size.reportsADay; number += 1) addResult(add, size, number);
  for (const [type, lines] of files) writeFileSync(join(folder, `${type}.ndjson`), `${lines.join("\n")}\n`);
  const interval = [iso(endOf(fromDay)), iso(endOf(toDay))];
  writeFileSync(
    join(folder, "coverage.json"),
    JSON.stringify({ AuditEvent: [interval], DiagnosticReport: [interval], Observation: [interval], Task: [interval] }),
  );
}

function addResult(add: (resource: Resource) => void, { patients, reportsADay }: FeedSize, number: number): void {
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
  for (let look = 0; look < 4; look += 1) {
    const isVerify = look === 3 && dice() < 0.7;
    add({
      resourceType: "AuditEvent",
      id: `a${number}-${look}`,
      type: { system: "http://terminology.hl7.org/CodeSystem/audit-event-type", code: "rest" },
      subtype: [
        isVerify
          ? { system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code: "verify" }
          : { system: "http://hl7.org/fhir/restful-interaction", code: "read" },
      ],
      action: isVerify ? "U" : "R",
      recorded: iso(at + (look + 1) * 1_200_000 * dice()),
      outcome: "0",
      agent: [{ requestor: true, who: { reference: `Practitioner/d${Math.floor(dice() * 40)}` } }],
      source: { observer: { display: "EPR" } },
      entity: [{ what: report }, { what: patient, role: { code: "1" } }],
    });
  }
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
