import type { Chart, Order, OrderKind } from "../chart.ts";
import { concept, recordOf, reference, type FhirRecord, type Json } from "./record.ts";
import { iso } from "./iso.ts";

const SNOMED = "http://snomed.info/sct";
const categories: Readonly<Record<OrderKind, Json>> = {
  laboratory: concept(SNOMED, "108252007", "Laboratory procedure"),
  imaging: concept(SNOMED, "363679005", "Imaging"),
  referral: concept(SNOMED, "3457005", "Patient referral"),
};

export function writeOrders(chart: Chart): FhirRecord[] {
  return chart.orders.flatMap((order) => writeOrder(chart, order));
}

function writeOrder({ patient }: Chart, order: Order): FhirRecord[] {
  const { key, kind, title, code, at, priority, by, encounter, because, ended } = order;
  const content: Json = {
    status: "active",
    intent: "order",
    category: [categories[kind]],
    code: concept(code.system, code.code, title),
    subject: reference(patient.key),
    encounter: encounter && reference(encounter.key),
    authoredOn: iso(at),
    priority,
    requester: reference(by.roleKey),
    reasonReference: because && [reference(because.key)],
  };
  return recordOf(key, [{ at, content }, ...(ended ? [{ at: ended.at, content: { ...content, status: ended.status } }] : [])]);
}
