import type { CareEvent } from "../domain/care-event.ts";
import { sameConcept } from "../domain/concept.ts";
import type { Join } from "../domain/signal.ts";
import type { PatientView } from "./detection.ts";
import { isOnPatient } from "./is-on-patient.ts";

/** Whether two events have the same of something; undefined where one of them does not say. */
export function areJoined(one: CareEvent, other: CareEvent, join: Join, patient: PatientView): boolean | undefined {
  switch (join) {
    case "subject":
      // What is on the patient as a whole is on every record of the patient.
      return one.subject === other.subject || isOnPatient(one) || isOnPatient(other);
    case "actor":
      return sameKey(personOf(one, patient), personOf(other, patient));
    case "patient":
      return patient.across ? sameKey(one.patient, other.patient) : true;
    case "code":
      return one.code && other.code && sameConcept(one.code, other.code);
    case "order":
      return sharesOrder(one, other);
    case "encounter":
      return sameKey(encounterOf(one), encounterOf(other));
  }
}

/** Of one order; or one is of an order that the other follows up or replaces. */
function sharesOrder(one: CareEvent, other: CareEvent): boolean | undefined {
  const [mine, theirs] = [ordersOf(one), ordersOf(other)];
  return mine.length === 0 || theirs.length === 0 ? undefined : mine.some((order) => theirs.includes(order));
}

function ordersOf(event: CareEvent): string[] {
  const own = orderOf(event);
  return [...(own === undefined ? [] : [own]), ...(event.follows ?? [])];
}

function sameKey(one: string | undefined, other: string | undefined): boolean | undefined {
  return one === undefined || other === undefined ? undefined : one === other;
}

function personOf({ actor }: CareEvent, { persons }: PatientView): string | undefined {
  return actor === undefined ? undefined : persons.personOf(actor);
}

/** The order that an event is about: itself, of an order's own life. */
function orderOf({ activity, subject, order }: CareEvent): string | undefined {
  return order ?? (activity.startsWith("order.") ? subject : undefined);
}

function encounterOf({ activity, subject, encounter }: CareEvent): string | undefined {
  return encounter ?? (activity.startsWith("encounter.") ? subject : undefined);
}
