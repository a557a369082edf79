import type { Chart } from "../chart.ts";
import { iso } from "./iso.ts";
import { concept, HL7, recordOf, reference, type FhirRecord } from "./record.ts";

/** Values that the laboratory measured for practices: Observations, of no report and no order here. */
export function writeSamples({ patient, samples }: Chart): FhirRecord[] {
  return samples.flatMap(({ id, analyte, takenAt, reportedAt, value }) => {
    const { system, code, display } = analyte.code;
    const content = {
      status: "final",
      category: [concept(`${HL7}/observation-category`, "laboratory")],
      code: concept(system, code, display),
      subject: reference(patient.key),
      effectiveDateTime: iso(takenAt),
      issued: iso(reportedAt),
      valueQuantity:
        value === undefined ? undefined : { value, unit: analyte.unit, system: "http://unitsofmeasure.org", code: analyte.unit },
      dataAbsentReason: value === undefined ? concept(`${HL7}/data-absent-reason`, "error") : undefined,
    };
    return recordOf(`Observation/${id}`, [{ at: reportedAt, content }]);
  });
}
