import { mkdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { openLineFiles } from "../line-files.ts";
import { givenLines, typeOfLine } from "./given-lines.ts";

/** Clinical records that a signal can use. Trails, Tasks and messages that are there already are left out: the staff's own come instead. */
const copied = [
  "Appointment",
  "CarePlan",
  "Condition",
  "DiagnosticReport",
  "DocumentReference",
  "Encounter",
  "ImagingStudy",
  "MedicationRequest",
  "Observation",
  "Organization",
  "Patient",
  "Practitioner",
  "PractitionerRole",
  "Procedure",
  "ServiceRequest",
  "Specimen",
];

export interface Copied {
  readonly resources: number;
  readonly bytes: number;
  readonly types: readonly string[];
}

/** Copies the lines as they stand into files of their types. */
export async function copyGiven(from: string, to: string, isCompressed: boolean): Promise<Copied> {
  mkdirSync(to, { recursive: true });
  const files = openLineFiles(to, isCompressed);
  const types = new Set<string>();
  let resources = 0;
  try {
    for await (const line of givenLines(from)) {
      const type = typeOfLine(line);
      if (type === undefined || !copied.includes(type)) continue;
      files.write(`given-${type}`, line);
      types.add(type);
      resources += 1;
      if (resources % 2_000 === 0) await setImmediate();
    }
  } finally {
    files.close();
  }
  return { resources, bytes: files.bytes(), types: [...types].sort() };
}
