import type { Chart, Reading, ReadingValue, Result } from "../chart.ts";
import { criticalLimits } from "../analytes.ts";
import { isChildAt } from "../is-child.ts";
import { DAY, HOUR, type Instant } from "../london-time.ts";
import { earliest, type Expectation } from "./loop.ts";
import { calledOffAt, isVoid, resultEvents, withdrawnAt, type ResultEvent } from "./result-events.ts";
import { acknowledgements } from "./result-unacknowledged.ts";

export function criticalUncommunicated(chart: Chart, now: Instant): Expectation[] {
  return chart.results.flatMap((result) => {
    const events = resultEvents(result, now);
    const opening = events.filter((event) => event.level === "critical" && !wasToldBefore(chart, result, event, now));
    return opening.map((event): Expectation => {
      const told = tellings(chart, result, now).map(({ at, isCall }) =>
        event === opening[0] && isCall && at < event.at && at >= event.at - HOUR ? event.at : at,
      );
      const unwritten = chart.calls.find((call) => call.result === result && !call.isRecorded && call.at < now);
      return {
        signal: "critical-uncommunicated",
        subject: result.key,
        opens: event.activity,
        openedAt: event.at,
        dueAt: event.at + 2 * HOUR,
        metAt: earliest(told, event.at),
        cancelledAt: calledOffAt(result, events, events.indexOf(event), now),
        isVoid: isVoid(result, now),
        because: `${result.title} was critical and was to be communicated${unwritten ? " (it was telephoned, but nobody wrote it down)" : ""}`,
      };
    });
  });
}

function tellings(chart: Chart, result: Result, now: Instant): { at: Instant; isCall: boolean }[] {
  const calls = chart.calls.filter((call) => call.result === result && call.isRecorded && call.at < now);
  return [...calls.map(({ at }) => ({ at, isCall: true })), ...acknowledgements(result, now).map(({ at }) => ({ at, isCall: false }))];
}

/** Not news: for every critical reading somebody was told in time, within a week before, of one at least as bad in another report. */
function wasToldBefore(chart: Chart, result: Result, event: ResultEvent, now: Instant): boolean {
  if (event.critical.length === 0) return false;
  return event.critical.every(({ reading, value }) => {
    const mine = beyond(chart, reading, value);
    if (mine === undefined) return false;
    return chart.results.some((other) => {
      if (other === result || withdrawnAt(other, now) !== undefined || isVoid(other, now)) return false;
      return resultEvents(other, now).some((earlier) => {
        const isAsBad = earlier.critical.some((each) => {
          const theirs = each.reading.analyte === reading.analyte ? beyond(chart, each.reading, each.value) : undefined;
          return theirs !== undefined && theirs.side === mine.side && theirs.by >= mine.by;
        });
        if (!isAsBad) return false;
        return tellings(chart, other, now).some(({ at, isCall }) => {
          const told = isCall && at < earlier.at && at >= earlier.at - HOUR ? earlier.at : at;
          return told >= earlier.at && told <= earlier.at + 2 * HOUR && told >= event.at - 7 * DAY && told < event.at;
        });
      });
    });
  });
}

/** How far a value lies beyond which limit; undefined where a flag alone makes it critical. */
function beyond(chart: Chart, reading: Reading, { value }: ReadingValue): { side: "low" | "high"; by: number } | undefined {
  const { low, high } = criticalLimits(reading.analyte, isChildAt(chart.patient, reading.takenAt));
  if (value === undefined) return undefined;
  if (low !== undefined && value <= low) return { side: "low", by: low - value };
  return high !== undefined && value >= high ? { side: "high", by: value - high } : undefined;
}
