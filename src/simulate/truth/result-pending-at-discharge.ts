import type { Chart } from "../chart.ts";
import { HOUR, type Instant } from "../london-time.ts";
import { earliest, type Expectation } from "./loop.ts";
import { calledOffAt, isVoid, resultEvents } from "./result-events.ts";
import { acknowledgements } from "./result-unacknowledged.ts";

/** Taken on the ward, reported when the patient had gone home. */
export function resultPendingAtDischarge(chart: Chart, now: Instant): Expectation[] {
  return chart.results.flatMap((result) => {
    const { encounter, collectedAt } = result;
    if (encounter?.class !== "IMP" || encounter.to >= now || collectedAt >= encounter.to) return [];
    const events = resultEvents(result, now);
    const first = events.find(({ activity }) => activity !== "result.preliminary");
    if (first === undefined || first.at <= encounter.to) return [];
    return events.flatMap((event, index): Expectation[] => {
      if (event.activity === "result.preliminary") return [];
      return [
        {
          signal: "result-pending-at-discharge",
          subject: result.key,
          opens: event.activity,
          openedAt: event.at,
          dueAt: event.at + (event.level === "critical" ? 2 : 72) * HOUR,
          metAt: earliest(
            acknowledgements(result, now).map(({ at }) => at),
            event.at,
          ),
          cancelledAt: calledOffAt(result, events, index, now),
          isVoid: isVoid(result, now),
          because: `${result.title} came when the patient had gone home, and was to be acknowledged`,
        },
      ];
    });
  });
}
