import type { Key, Ref } from "../domain/facts.ts";
import type { RelatedEvent } from "./related-event.ts";
import { isRead, newestVersion, resolveAll, typeOf, type World } from "./world.ts";

/** The orders among what a record names. */
export function ordersNamed(world: World, refs: readonly (Ref | undefined)[]): Key[] {
  return resolveAll(world, refs).filter((key) => ["ServiceRequest", "MedicationRequest"].includes(typeOf(key)));
}

export function kindOfOrder(world: World, order: Key | undefined): Pick<RelatedEvent, "kind"> {
  const kind = order === undefined ? undefined : newestVersion(world, order, "ServiceRequest", "MedicationRequest")?.kind;
  return kind === undefined ? {} : { kind };
}

/** What happened to a record, on the record itself and on each order that it is based on: there with the order's kind. */
export function alsoOnOrders(world: World, event: RelatedEvent, orders: readonly Key[]): RelatedEvent[] {
  const [first] = orders;
  return [
    { ...event, ...(first !== undefined && { order: first }) },
    ...orders.map((order) => ({ ...event, subject: order, subjectRead: isRead(world, order), order, ...kindOfOrder(world, order) })),
  ];
}
