import type { Chart } from "../chart.ts";
import { dosesOf } from "../doses-of.ts";
import { HOUR, type Instant } from "../london-time.ts";
import type { Medicine } from "../pathway.ts";
import { diedBefore, earliest, type Expectation } from "./loop.ts";

/** Anti-infectives, anticoagulants, insulin, medicines for Parkinson's disease (NPSA RRR009). */
const timeCritical: readonly Medicine["name"][] = ["gentamicin", "meropenem", "heparin", "warfarin", "insulin", "levodopa"];

/**
 * Every dose in hospital that the prescription says is due, while it and the stay last. One that is given up to an hour early
 * counts; from an hour before the next on it is the next.
 */
export function doseMissed(chart: Chart, now: Instant): Expectation[] {
  const inHospital = chart.medicines.filter(
    ({ name, encounter }) => timeCritical.includes(name) && encounter !== undefined && encounter.class !== "AMB",
  );
  return inHospital.flatMap((medicine) => {
    const { key, name, encounter, ended, doses } = medicine;
    const isEnded = ended !== undefined && ended.at < now;
    const left = encounter !== undefined && encounter.to < now ? encounter.to : Infinity;
    // A day ahead, for the dose that comes after the last.
    const due = dosesOf(medicine, Math.min(left, isEnded ? ended.at : Infinity, now + 24 * HOUR));
    return due.flatMap((at, place): Expectation[] => {
      if (at >= now) return [];
      const given = doses.filter((dose) => dose.isGiven && dose.at < now).map((dose) => dose.at);
      const own = given.filter((each) => each >= at - HOUR && each < (due[place + 1] ?? Infinity) - HOUR);
      return [
        {
          signal: "dose-missed",
          subject: key,
          opens: "dose.due",
          openedAt: at,
          dueAt: at + HOUR,
          metAt: earliest(
            own.map((each) => Math.max(each, at)),
            at,
          ),
          cancelledAt: isEnded && ended.status !== "entered-in-error" ? ended.at : undefined,
          diedAt: diedBefore(chart, now),
          voidedAt: ended?.at,
          isVoid: isEnded && ended.status === "entered-in-error",
          because: `A dose of ${name} was due, and was to be given within the hour`,
        },
      ];
    });
  });
}
