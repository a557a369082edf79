import { assumed } from "../assumptions.ts";
import { keyOf, type Order } from "../chart.ts";
import { DAY, HOUR, MINUTE, atHour, nextWorkday, type Instant } from "../london-time.ts";
import type { Appointment } from "../pathway.ts";
import type { Scene } from "./refer.ts";

/** A visit in clinic hours, some weeks on; missed by some, and called off before its day by others. */
export function bookVisit({ chart, dice }: Scene, order: Order, bookedAt: Instant, ended?: Appointment["ended"]): Appointment {
  const startsAt = atHour(nextWorkday(bookedAt + dice.int(2, 30) * DAY), dice.between(9, 16));
  const status = dice.weigh(assumed.visitKept.value);
  const called = bookedAt + Math.round(((startsAt - bookedAt) * dice.between(0.1, 0.9)) / MINUTE) * MINUTE;
  const endedAt = { fulfilled: startsAt + 20 * MINUTE, noshow: startsAt + HOUR, cancelled: called }[status];
  const appointment: Appointment = {
    key: keyOf(chart, "Appointment", chart.appointments, "p"),
    title: order.title,
    order,
    bookedAt,
    startsAt,
    ended: ended ?? { at: endedAt, status },
  };
  chart.appointments.push(appointment);
  return appointment;
}
