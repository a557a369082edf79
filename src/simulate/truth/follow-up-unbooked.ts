import type { Chart } from "../chart.ts";
import type { Instant } from "../london-time.ts";
import { diedBefore, earliest, isOrderVoid, revokedAt, type Expectation } from "./loop.ts";

/** Without a date by which the patient is to be seen, nothing is expected of anybody. */
export function followUpUnbooked(chart: Chart, now: Instant): Expectation[] {
  return chart.orders.flatMap((order): Expectation[] => {
    const { kind, at, intended, key, title } = order;
    if (kind !== "follow-up" || intended === undefined || at >= now) return [];
    const booked = chart.appointments.filter((visit) => visit.order.key === key && visit.bookedAt < now).map(({ bookedAt }) => bookedAt);
    return [
      {
        signal: "follow-up-unbooked",
        subject: key,
        opens: "order.placed",
        openedAt: at,
        dueAt: intended.until,
        metAt: earliest(booked, at),
        cancelledAt: revokedAt(order, now),
        diedAt: diedBefore(chart, now),
        isVoid: isOrderVoid(order, now),
        because: `${title} was to be booked by its date`,
      },
    ];
  });
}
