import type { Chart, Reading, ReadingValue } from "../chart.ts";
import { DAY, type Instant } from "../london-time.ts";
import type { History } from "../pathway.ts";
import { diedBefore, earliest, isOrderVoid, type Expectation } from "./loop.ts";

/** A value as it stands at the end, and when it was taken. */
export interface Taken {
  readonly reading: Reading;
  readonly at: Instant;
  readonly value: number;
  readonly level: ReadingValue["level"];
}

/** Values of these analytes (LOINC), each reading once, by its newest value. */
export function listTaken(chart: Chart, codes: readonly string[], now: Instant): Taken[] {
  const readings = new Set(chart.results.flatMap(({ versions }) => versions.flatMap((version) => version.readings)));
  return [...readings].flatMap((reading) => {
    const newest = reading.values.findLast((value) => value.at < now);
    if (!codes.includes(reading.analyte.code.code) || newest?.value === undefined) return [];
    return [{ reading, at: reading.takenAt, value: newest.value, level: newest.level }];
  });
}

/** Had it, at any time or within so many days before. */
export function had({ history, operations }: Chart, name: History["name"], at: Instant, withinDays = Infinity): boolean {
  const times = [...history.filter((each) => each.name === name), ...operations.filter((each) => each.name === name)].map(
    (each) => each.at,
  );
  return times.some((time) => time <= at && time >= at - withinDays * DAY);
}

export function ageAt({ patient }: Chart, at: Instant): number {
  const [year = 0, month = 1, day = 1] = patient.birthDate.split("-").map(Number);
  const then = new Date(at);
  const isBefore = then.getUTCMonth() + 1 < month || (then.getUTCMonth() + 1 === month && then.getUTCDate() < day);
  return then.getUTCFullYear() - year - (isBefore ? 1 : 0);
}

/** When a procedure, or what books it, came: orders of it, and referrals of this code. */
export function whenInvestigated(chart: Chart, name: string, codes: readonly string[], now: Instant): Instant[] {
  return [
    ...chart.operations.filter((each) => each.name === name).map(({ at }) => at),
    ...chart.orders.filter((order) => codes.includes(order.code.code) && !isOrderVoid(order, now)).map(({ at }) => at),
  ].filter((at) => at < now);
}

export function expectAfter(
  chart: Chart,
  signal: string,
  { reading, at }: Taken,
  days: number,
  done: readonly Instant[],
  now: Instant,
): Expectation {
  return {
    signal,
    subject: reading.key,
    opens: "observation.resulted",
    openedAt: at,
    dueAt: at + days * DAY,
    metAt: earliest(done, at),
    diedAt: diedBefore(chart, now),
    because: `${reading.analyte.code.display} was a red flag, and was to be followed up`,
  };
}
