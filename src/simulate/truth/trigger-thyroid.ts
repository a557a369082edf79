import type { Chart } from "../chart.ts";
import { DAY, type Instant } from "../london-time.ts";
import { had, expectAfter, listTaken } from "./red-flag.ts";
import type { Expectation } from "./loop.ts";

/** A raised TSH of somebody who is treated: measured again on another day, or the dose changed. */
export function triggerThyroid(chart: Chart, now: Instant): Expectation[] {
  const all = listTaken(chart, ["3016-3"], now);
  const prescribed = listPrescribed(chart, now);
  const changed = prescribed.filter(({ dose }, place) => place > 0 && prescribed[place - 1]?.dose !== dose).map(({ at }) => at);
  return all
    .filter(({ reading, value }) => value > (reading.analyte.high ?? Infinity))
    .filter(({ at }) => had(chart, "hypothyroidism", at) && prescribed.some((each) => each.at <= at && each.at >= at - 730 * DAY))
    .map((taken) => {
      const again = all.map(({ at }) => at).filter((at) => at >= taken.at + DAY);
      return expectAfter(chart, "trigger-thyroid", taken, 60, [...again, ...changed], now);
    });
}

/** Each dose of levothyroxine as it was said, in order of time. */
function listPrescribed({ medicines }: Chart, now: Instant): { readonly at: Instant; readonly dose: number }[] {
  return medicines
    .filter(({ name }) => name === "levothyroxine")
    .flatMap(({ at, dose, changes }) => [{ at, dose }, ...changes])
    .filter(({ at }) => at < now)
    .sort((one, other) => one.at - other.at);
}
