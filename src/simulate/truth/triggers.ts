import type { Chart } from "../chart.ts";
import { DAY, type Instant } from "../london-time.ts";
import { procedureCodes, referralCodes } from "../pathway-codes.ts";
import type { Expectation } from "./loop.ts";
import { ageAt, expectAfter, had, listTaken, whenInvestigated, type Taken } from "./red-flag.ts";

const isMiddleAged = (chart: Chart, { at }: Taken): boolean => ageAt(chart, at) >= 40 && ageAt(chart, at) <= 75;

/** Known already, or no longer to be looked for. */
function isExcusedFromColon(chart: Chart, { at }: Taken, years: 3 | 5): boolean {
  const colonoscopyDays = years === 5 ? 1_826 : 1_095;
  return (
    had(chart, "colonoscopy", at, colonoscopyDays) ||
    had(chart, "colorectalCancer", at) ||
    had(chart, "totalColectomy", at) ||
    had(chart, "hospice", at)
  );
}

/** Blood in the stool, and nobody looks inside. */
export function triggerFit(chart: Chart, now: Instant): Expectation[] {
  const done = whenInvestigated(chart, "colonoscopy", [procedureCodes.colonoscopy.code], now);
  return listTaken(chart, ["58453-2"], now)
    .filter((taken) => (taken.value >= 10 || taken.level === "abnormal" || taken.level === "critical") && isMiddleAged(chart, taken))
    .filter((taken) => !isExcusedFromColon(chart, taken, 5))
    .map((taken) => expectAfter(chart, "trigger-fit", taken, 60, done, now));
}

/** Haemoglobin and cell volume low within a day, and no ferritin that speaks against it. */
export function triggerIronDeficiency(chart: Chart, now: Instant): Expectation[] {
  const done = whenInvestigated(chart, "colonoscopy", [procedureCodes.colonoscopy.code], now);
  const small = listTaken(chart, ["787-2"], now).filter(({ value }) => value <= 81);
  const ferritins = listTaken(chart, ["2276-4"], now).filter(({ value }) => value >= 100);
  return listTaken(chart, ["718-7"], now)
    .filter((taken) => taken.value <= 110 && isMiddleAged(chart, taken))
    .filter(({ at }) => small.some((other) => other.at <= at && other.at >= at - DAY))
    .filter(({ at }) => !ferritins.some((other) => other.at <= at && other.at >= at - 365 * DAY))
    .filter(
      (taken) => !isExcusedFromColon(chart, taken, 3) && !had(chart, "thalassaemia", taken.at) && !had(chart, "pregnancy", taken.at, 365),
    )
    .map((taken) => expectAfter(chart, "trigger-iron-deficiency", taken, 60, done, now));
}

/** The first creatinine out of range in two years is to be measured again, on another day. */
export function triggerKidney(chart: Chart, now: Instant): Expectation[] {
  const all = listTaken(chart, ["14682-9"], now);
  const bad = all.filter(({ level }) => level === "abnormal" || level === "critical");
  return bad
    .filter(({ at }) => !bad.some((other) => other.at < at && other.at >= at - 730 * DAY))
    .map((taken) => {
      const again = all.map(({ at }) => at).filter((at) => at >= taken.at + DAY);
      return expectAfter(chart, "trigger-kidney", taken, 90, again, now);
    });
}

export function triggerHaematuria(chart: Chart, now: Instant): Expectation[] {
  const done = whenInvestigated(chart, "cystoscopy", [procedureCodes.cystoscopy.code, referralCodes.urology.code], now);
  return listTaken(chart, ["13945-1"], now)
    .filter(({ value, at }) => value > 50 && !had(chart, "urologicalCancer", at) && !had(chart, "hospice", at))
    .map((taken) => expectAfter(chart, "trigger-haematuria", taken, 60, done, now));
}

/** An order of the scan alone is none: the scan is to be done. */
export function triggerAfp(chart: Chart, now: Instant): Expectation[] {
  const done = whenInvestigated(chart, "liverScan", [referralCodes.hepatology.code], now);
  return listTaken(chart, ["1834-1"], now)
    .filter(
      ({ value, at }) => value > 7 && !had(chart, "liverCancer", at) && !had(chart, "pregnancy", at, 365) && !had(chart, "hospice", at),
    )
    .map((taken) => expectAfter(chart, "trigger-afp", taken, 60, done, now));
}
