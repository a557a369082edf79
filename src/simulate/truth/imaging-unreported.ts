import type { Chart } from "../chart.ts";
import { DAY, type Instant } from "../london-time.ts";
import { diedBefore, earliest, isOrderVoid, revokedAt, type Expectation } from "./loop.ts";
import { isVoid, resultEvents, undoneAt, withdrawnAt } from "./result-events.ts";

/** Images that were taken are to be reported; a further view is a newer one. */
export function imagingUnreported(chart: Chart, now: Instant): Expectation[] {
  return chart.orders.flatMap((order) => {
    const studies = chart.studies.filter((study) => study.order === order && study.at < now).sort((one, other) => one.at - other.at);
    const reported = chart.results.filter((result) => result.order === order);
    const standing = reported.filter((result) => !isVoid(result, now) && withdrawnAt(result, now) === undefined);
    const issued = standing.flatMap((result) => resultEvents(result, now).slice(0, 1)).map(({ at }) => at);
    return studies.map(({ at }, place): Expectation => {
      const called = [studies[place + 1]?.at, revokedAt(order, now)].filter((each) => each !== undefined);
      return {
        signal: "imaging-unreported",
        subject: order.key,
        opens: "imaging.done",
        openedAt: at,
        dueAt: at + 28 * DAY,
        metAt: earliest(issued, at),
        cancelledAt: called.length === 0 ? undefined : Math.min(...called),
        undoneAt: undoneAt(reported, now),
        diedAt: diedBefore(chart, now),
        isVoid: isOrderVoid(order, now),
        because: `${order.title} was done, and was to be reported`,
      };
    });
  });
}
