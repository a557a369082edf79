import { rollDice } from "../dice.ts";
import type { FhirRecord, Json } from "../fhir/record.ts";
import { iso } from "../fhir/iso.ts";
import { SECOND } from "../london-time.ts";
import { lag } from "./outages.ts";

/** Only what says itself when it happened can be stored late without a loss; who ended a Task is told by the trail within minutes of its storing. */
const ownTimes = [
  "AuditEvent",
  "Communication",
  "ImagingStudy",
  "MedicationAdministration",
  "MedicationRequest",
  "Observation",
  "Procedure",
  "Provenance",
];

/** All versions of a record are stored as late as its first, so that their order stays. */
export function storeLate(seed: number, degree: number, record: FhirRecord): FhirRecord {
  // A prescription that is changed or stopped says when by its storing alone.
  if (!ownTimes.includes(record.type) || "dosageInstruction" in record.body) return record;
  const dice = rollDice(seed, "late", record.type, String(record.body["id"]));
  if (!dice.chance(0.1 * degree)) return record;
  const storedAt = record.storedAt + dice.int(1, lag / SECOND - 1) * SECOND;
  return { ...record, storedAt, body: { ...record.body, meta: { ...(record.body["meta"] as Json), lastUpdated: iso(storedAt) } } };
}
