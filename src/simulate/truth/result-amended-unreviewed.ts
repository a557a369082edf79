import type { Chart } from "../chart.ts";
import { DAY, type Instant } from "../london-time.ts";
import { earliest, type Expectation } from "./loop.ts";
import { calledOffAt, isVoid, resultEvents } from "./result-events.ts";
import { acknowledgeWithin, acknowledgements } from "./result-unacknowledged.ts";

/** Who had dealt with a result deals with its amendment too, or at least opens it. */
export function resultAmendedUnreviewed(chart: Chart, now: Instant): Expectation[] {
  return chart.results.flatMap((result) => {
    const events = resultEvents(result, now);
    const dealtWith = acknowledgements(result, now).map(({ at }) => at);
    const opened = chart.looks.filter((look) => look.result === result && look.of !== "search" && !look.failed && look.at < now);
    return events.flatMap((event, index): Expectation[] => {
      if (event.activity !== "result.amended" || !dealtWith.some((at) => at < event.at)) return [];
      return [
        {
          signal: "result-amended-unreviewed",
          subject: result.key,
          opens: event.activity,
          openedAt: event.at,
          dueAt: event.at + (event.level === "normal" ? 14 * DAY : acknowledgeWithin(result, event)),
          metAt: earliest([...dealtWith, ...opened.map(({ at }) => at)], event.at),
          cancelledAt: calledOffAt(result, events, index, now),
          isVoid: isVoid(result, now),
          because: `${result.title} was amended after it had been acknowledged, and was to be looked at again`,
        },
      ];
    });
  });
}
