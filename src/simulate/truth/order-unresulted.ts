import type { Chart, Priority } from "../chart.ts";
import { DAY, type Instant } from "../london-time.ts";
import { diedBefore, earliest, isOrderVoid, revokedAt, type Expectation } from "./loop.ts";
import { isVoid, resultEvents, undoneAt, withdrawnAt } from "./result-events.ts";

const within: Readonly<Record<Priority, number>> = { stat: DAY, asap: 7 * DAY, urgent: 7 * DAY, routine: 90 * DAY };

export function orderUnresulted(chart: Chart, now: Instant): Expectation[] {
  return chart.orders
    .filter((order) => order.at < now && (order.kind === "laboratory" || order.kind === "imaging"))
    .map((order) => {
      const reported = chart.results.filter((result) => result.order === order);
      const results = reported.filter((result) => !isVoid(result, now) && withdrawnAt(result, now) === undefined);
      const issued = results.flatMap((result) => resultEvents(result, now).map(({ at }) => Math.max(at, order.at)));
      return {
        signal: "order-unresulted",
        subject: order.key,
        opens: "order.placed",
        openedAt: order.at,
        dueAt: order.at + within[order.priority],
        metAt: earliest(issued, order.at),
        cancelledAt: revokedAt(order, now),
        undoneAt: undoneAt(reported, now),
        diedAt: diedBefore(chart, now),
        isVoid: isOrderVoid(order, now),
        because: `${order.title} was ordered, ${order.priority}, and was to have a result`,
      };
    });
}
