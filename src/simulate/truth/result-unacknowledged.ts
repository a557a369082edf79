import type { Acknowledgement, Chart, Result } from "../chart.ts";
import { DAY, HOUR, MINUTE, type Instant } from "../london-time.ts";
import { earliest, type Expectation } from "./loop.ts";
import { calledOffAt, isVoid, resultEvents, type ResultEvent } from "./result-events.ts";

export function resultUnacknowledged(chart: Chart, now: Instant): Expectation[] {
  return chart.results.flatMap((result) => {
    const events = resultEvents(result, now);
    const first = events.findIndex(isOpening);
    return events.flatMap((event, index): Expectation[] => {
      if (!isOpening(event)) return [];
      const done = acknowledgements(result, now).map(({ at, via }) => {
        const isEarly = index === first && via === "task" && at < event.at && at >= event.at - 5 * MINUTE;
        return isEarly ? event.at : at;
      });
      return [
        {
          signal: "result-unacknowledged",
          subject: result.key,
          opens: event.activity,
          openedAt: event.at,
          dueAt: event.at + acknowledgeWithin(result, event),
          metAt: earliest(done, event.at),
          cancelledAt: calledOffAt(result, events, index, now),
          isVoid: isVoid(result, now),
          because: `${result.title}, ${event.level}, was to be acknowledged`,
        },
      ];
    });
  });
}

function isOpening({ activity, level }: ResultEvent): boolean {
  return activity === "result.preliminary" ? level === "critical" : level !== "normal";
}

export function acknowledgeWithin({ encounter }: Result, { level }: Pick<ResultEvent, "level">): number {
  if (level === "critical") return 2 * HOUR;
  return encounter?.class === "EMER" ? 48 * HOUR : 14 * DAY;
}

export function acknowledgements(result: Result, now: Instant): Acknowledgement[] {
  return result.acknowledgements.filter(({ at }) => at < now);
}
