import type { Chart } from "../chart.ts";
import { dialectOf } from "../dialect.ts";
import { iso } from "./iso.ts";
import { concept, recordOf, reference, type FhirRecord, type Json } from "./record.ts";

/** Where the pictures are not the EPR's own it knows only that they were taken: a Procedure. */
export function writeStudies({ patient, studies, hospital }: Chart): FhirRecord[] {
  const type = dialectOf[hospital.options.dialect].studies;
  return studies.flatMap(({ id, at, order, by }) => {
    const common: Json = {
      subject: reference(patient.key),
      basedOn: [reference(order.key)],
      encounter: order.encounter && reference(order.encounter.key),
    };
    const code = concept(order.code.system, order.code.code, order.title);
    const own: Json =
      type === "ImagingStudy"
        ? { status: "available", started: iso(at), procedureCode: [code] }
        : { status: "completed", code, performedDateTime: iso(at), performer: [{ actor: reference(by.key) }] };
    return recordOf(`${type}/${id}`, [{ at, content: { ...common, ...own } }]);
  });
}
