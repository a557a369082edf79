import type { Chart, Priority } from "../chart.ts";
import { DAY, type Instant } from "../london-time.ts";
import { earliest, type Expectation } from "./loop.ts";
import { diedBefore } from "./result-no-action.ts";
import { isVoid, resultEvents, withdrawnAt } from "./result-events.ts";

const within: Readonly<Record<Priority, number>> = { stat: DAY, asap: 7 * DAY, urgent: 7 * DAY, routine: 90 * DAY };

export function orderUnresulted(chart: Chart, now: Instant): Expectation[] {
  return chart.orders
    .filter((order) => order.at < now && order.kind !== "referral")
    .map((order) => {
      const results = chart.results.filter(
        (result) => result.order === order && !isVoid(result, now) && withdrawnAt(result, now) === undefined,
      );
      const issued = results.flatMap((result) => resultEvents(result, now).map(({ at }) => Math.max(at, order.at)));
      const ended = order.ended !== undefined && order.ended.at < now ? order.ended : undefined;
      return {
        signal: "order-unresulted",
        subject: order.key,
        opens: "order.placed",
        openedAt: order.at,
        dueAt: order.at + within[order.priority],
        metAt: earliest(issued, order.at),
        cancelledAt: ended?.status === "revoked" ? ended.at : undefined,
        diedAt: diedBefore(chart, now),
        isVoid: ended?.status === "entered-in-error",
        because: `${order.title} was ordered, ${order.priority}, and was to have a result`,
      };
    });
}
