import type { Chart } from "../chart.ts";
import { MINUTE } from "../london-time.ts";
import { procedureCodes } from "../pathway-codes.ts";
import { iso } from "./iso.ts";
import { concept, recordOf, reference, type FhirRecord } from "./record.ts";

/** What was had before is written as the patient is registered, with the time at which it was; what is done here, when it is done. */
export function* writeProcedures({ patient, hospital, encounters, history, operations }: Chart): Generator<FhirRecord> {
  const registeredAt = Math.max(hospital.start, (encounters[0]?.from ?? hospital.start) - 5 * MINUTE);
  const subject = reference(patient.key);
  for (const {
    id,
    type,
    code: { system, code, display },
    at,
  } of history) {
    const common = { subject, code: concept(system, code, display) };
    const own =
      type === "Condition"
        ? { onsetDateTime: iso(at), recordedDate: iso(registeredAt) }
        : { status: "completed", performedDateTime: iso(at) };
    yield* recordOf(`${type}/${id}`, [{ at: registeredAt, content: { ...common, ...own } }]);
  }
  for (const { id, name, at, by } of operations) {
    const { system, code, display } = procedureCodes[name];
    const content = {
      status: "completed",
      subject,
      code: concept(system, code, display),
      performedDateTime: iso(at),
      performer: [{ actor: reference(by.key) }],
    };
    yield* recordOf(`Procedure/${id}`, [{ at, content }]);
  }
}
