import type { Chart, Order } from "../chart.ts";
import { DAY, type Instant } from "../london-time.ts";
import { diedBefore, earliest, isOrderVoid, revokedAt, type Expectation } from "./loop.ts";

/** A referral that came back, or whose visit did not take place: of the Task that was rejected, else of the referral itself. */
export function referralBounced(chart: Chart, now: Instant): Expectation[] {
  return chart.orders
    .filter(({ kind }) => kind === "referral")
    .flatMap((order) => {
      const visits = chart.appointments.filter((visit) => visit.order.key === order.key);
      const fell = visits.flatMap(({ ended }) => (ended !== undefined && ended.status !== "fulfilled" && ended.at < now ? [ended] : []));
      const onOrder = fell
        .sort((one, other) => one.at - other.at)
        .map(({ at, status }, place) => {
          const opens = status === "noshow" ? "appointment.missed" : "appointment.cancelled";
          return expect(chart, order, now, { subject: order.key, opens, at, newer: fell[place + 1]?.at });
        });
      const tasks = chart.tasks.filter((task) => task.order?.order.key === order.key);
      const onTasks = tasks.flatMap(({ key, ended }) =>
        ended?.status === "rejected" && ended.at < now
          ? [expect(chart, order, now, { subject: key, opens: "task.rejected", at: ended.at, newer: undefined })]
          : [],
      );
      return [...onOrder, ...onTasks];
    });
}

interface Bounce {
  readonly subject: string;
  readonly opens: string;
  readonly at: Instant;
  readonly newer: Instant | undefined;
}

function expect(chart: Chart, order: Order, now: Instant, { subject, opens, at, newer }: Bounce): Expectation {
  const begun = [
    ...chart.appointments.filter((visit) => visit.order.key === order.key).map(({ bookedAt }) => bookedAt),
    ...chart.tasks.filter((task) => task.order?.order.key === order.key).map((task) => task.at),
    ...chart.orders.filter(({ replaces }) => replaces?.key === order.key).map((again) => again.at),
  ].filter((instant) => instant < now);
  const revoked = revokedAt(order, now);
  // A referral's own state counts from its opening on, if it is older; on a Task only what comes after.
  const isCalledOff = revoked !== undefined && (subject === order.key || revoked >= at);
  const called = [isCalledOff ? Math.max(revoked, at) : undefined, newer].filter((instant) => instant !== undefined);
  return {
    signal: "referral-bounced",
    subject,
    opens,
    openedAt: at,
    dueAt: at + 7 * DAY,
    metAt: earliest(begun, at),
    cancelledAt: called.length === 0 ? undefined : Math.min(...called),
    diedAt: diedBefore(chart, now),
    // What is on the order is voided with the order.
    isVoid: subject === order.key && isOrderVoid(order, now),
    because: `${order.title} came back (${opens}), and something was to follow`,
  };
}
