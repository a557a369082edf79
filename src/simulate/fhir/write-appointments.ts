import type { Chart } from "../chart.ts";
import { MINUTE } from "../london-time.ts";
import { iso } from "./iso.ts";
import { recordOf, reference, type FhirRecord, type Json } from "./record.ts";

/** Booked when it was created; what became of it is a version of its own. */
export function writeAppointments({ patient, appointments }: Chart): FhirRecord[] {
  return appointments.flatMap(({ key, title, order, bookedAt, startsAt, ended }) => {
    const content = (status: string): Json => ({
      status,
      serviceType: [{ text: title }],
      created: iso(bookedAt),
      start: iso(startsAt),
      end: iso(startsAt + 20 * MINUTE),
      basedOn: [reference(order.key)],
      participant: [{ actor: reference(patient.key), status: "accepted" }],
    });
    const end = ended === undefined ? [] : [{ at: ended.at, content: content(ended.status) }];
    return recordOf(key, [{ at: bookedAt, content: content("booked") }, ...end]);
  });
}
