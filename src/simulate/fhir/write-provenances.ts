import type { Chart } from "../chart.ts";
import { concept, HL7, recordOf, reference, type FhirRecord } from "./record.ts";
import { iso } from "./iso.ts";

/** Signatures on results. */
export function* writeProvenances({ results }: Chart): Generator<FhirRecord> {
  for (const { key, acknowledgements } of results) {
    const signed = acknowledgements.filter(({ via }) => via === "provenance");
    for (const [place, { at, by }] of signed.entries()) {
      const id = `${key.replace("DiagnosticReport/", "")}-s${place + 1}`;
      const content = {
        target: [reference(key)],
        occurredDateTime: iso(at),
        recorded: iso(at),
        activity: concept(`${HL7}/iso-21089-lifecycle`, "verify", "Verify Record Lifecycle Event"),
        agent: [{ type: concept(`${HL7}/provenance-participant-type`, "verifier", "Verifier"), who: reference(by.key) }],
      };
      yield* recordOf(`Provenance/${id}`, [{ at, content }]);
    }
  }
}
