import type { Chart, Order, OrderKind } from "../chart.ts";
import { concept, recordOf, reference, type FhirRecord, type Json } from "./record.ts";
import { dayOf, type Instant } from "../london-time.ts";
import { iso } from "./iso.ts";

const SNOMED = "http://snomed.info/sct";
/** A follow-up is told by its code alone. */
const categories: Readonly<Partial<Record<OrderKind, Json>>> = {
  laboratory: concept(SNOMED, "108252007", "Laboratory procedure"),
  imaging: concept(SNOMED, "363679005", "Imaging"),
  referral: concept(SNOMED, "3457005", "Patient referral"),
};

export function writeOrders(chart: Chart): FhirRecord[] {
  return chart.orders.flatMap((order) => writeOrder(chart, order));
}

function writeOrder({ patient }: Chart, order: Order): FhirRecord[] {
  const { key, kind, title, code, at, priority, by, encounter, because, replaces, intended, ended } = order;
  const content: Json = {
    status: "active",
    intent: "order",
    category: categories[kind] && [categories[kind]],
    code: concept(code.system, code.code, title),
    subject: reference(patient.key),
    encounter: encounter && reference(encounter.key),
    authoredOn: iso(at),
    priority,
    requester: reference(by.roleKey),
    reasonReference: because && [reference(because.key)],
    replaces: replaces && [reference(replaces.key)],
    ...(intended && tellIntended(intended, at)),
  };
  return recordOf(key, [{ at, content }, ...(ended ? [{ at: ended.at, content: { ...content, status: ended.status } }] : [])]);
}

/** A day, a stretch of days, or an instant; the day that ends at `until`. */
function tellIntended({ until, as }: NonNullable<Order["intended"]>, from: Instant): Json {
  if (as === "instant") return { occurrenceDateTime: iso(until) };
  const day = dayOf(until - 1);
  return as === "day" ? { occurrenceDateTime: day } : { occurrencePeriod: { start: dayOf(from), end: day } };
}
