import type { Chart } from "../chart.ts";
import { MINUTE } from "../london-time.ts";
import { iso } from "./iso.ts";
import { concept, HL7, recordOf, reference, type FhirRecord, type Json } from "./record.ts";

const SNOMED = "http://snomed.info/sct";
const parts = ["Respirations", "Oxygen saturation", "Air or oxygen", "Systolic blood pressure", "Pulse", "Consciousness", "Temperature"];
const points = (value: number): Json => ({ value, unit: "points", system: "http://unitsofmeasure.org", code: "{score}" });

/** A NEWS2 total with its seven parts. What was another patient's is marked so two minutes later. */
export function writeScores({ patient, scores }: Chart): FhirRecord[] {
  return scores.flatMap((score) => {
    const content = (status: string): Json => ({
      status,
      category: [concept(`${HL7}/observation-category`, "vital-signs")],
      code: concept(SNOMED, "1104051000000101", "NEWS2 total score"),
      subject: reference(patient.key),
      encounter: reference(score.encounter.key),
      effectiveDateTime: iso(score.at),
      performer: [reference(score.by.key)],
      valueQuantity: points(score.parts.reduce((sum, part) => sum + part, 0)),
      component: score.parts.map((part, place) => ({ code: { text: `${parts[place] ?? ""} score` }, valueQuantity: points(part) })),
    });
    const error = score.isError ? [{ at: score.at + 2 * MINUTE, content: content("entered-in-error") }] : [];
    return recordOf(score.key, [{ at: score.at, content: content("final") }, ...error]);
  });
}
