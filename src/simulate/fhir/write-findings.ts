import type { Chart } from "../chart.ts";
import { iso } from "./iso.ts";
import { concept, HL7, recordOf, reference, type FhirRecord } from "./record.ts";

/** What a radiologist saw, coded, beside the report that says it in words. */
export function writeFindings({ patient, findings }: Chart): FhirRecord[] {
  return findings.flatMap(({ id, result, code, says, at, issuedAt }) => {
    const content = {
      status: "final",
      category: [concept(`${HL7}/observation-category`, "imaging")],
      code: concept(code.system, code.code, code.display),
      subject: reference(patient.key),
      encounter: result.encounter && reference(result.encounter.key),
      effectiveDateTime: iso(at),
      issued: iso(issuedAt),
      valueCodeableConcept: concept(says.system, says.code, says.display),
    };
    return recordOf(`Observation/${id}`, [{ at: issuedAt, content }]);
  });
}
