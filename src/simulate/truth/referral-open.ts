import type { Chart } from "../chart.ts";
import { DAY, type Instant } from "../london-time.ts";
import { diedBefore, earliest, isOrderVoid, revokedAt, type Expectation } from "./loop.ts";

/** Booked, answered, or taken on by somebody: accepted, or done without a word. */
export function referralOpen(chart: Chart, now: Instant): Expectation[] {
  return chart.orders
    .filter(({ kind, at }) => kind === "referral" && at < now)
    .map((order): Expectation => {
      const booked = chart.appointments.filter((visit) => visit.order.key === order.key).map(({ bookedAt }) => bookedAt);
      const tasks = chart.tasks.filter((task) => task.order?.order.key === order.key);
      const taken = tasks.flatMap(({ accepted, ended }) => [accepted, ended?.status === "completed" ? ended.at : undefined]);
      const answered = order.ended?.status === "completed" ? order.ended.at : undefined;
      const done = [...booked, ...taken, answered].filter((at) => at !== undefined && at < now) as Instant[];
      return {
        signal: "referral-open",
        subject: order.key,
        opens: "order.placed",
        openedAt: order.at,
        // Urgent, asap and stat are one row.
        dueAt: order.at + (order.priority === "routine" ? 42 : 14) * DAY,
        metAt: earliest(done, order.at),
        cancelledAt: revokedAt(order, now),
        diedAt: diedBefore(chart, now),
        isVoid: isOrderVoid(order, now),
        because: `${order.title}, ${order.priority}, was to be booked or taken on`,
      };
    });
}
