import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { exactDurationMs } from "../domain/duration.ts";
import type { Coding } from "../domain/facts.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { madeFrom } from "../domain/made-from.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import type { ValueCondition, WorkingTime } from "../domain/signal.ts";
import { parseRfc3339 } from "../domain/rfc3339.ts";

/** The kinds of value that a signal file holds. Each says what it found and what to write instead. */

export function oneOf<const T extends readonly string[]>(values: T, what: string) {
  return z.enum(values, {
    error: ({ input }) => {
      const word = typeof input === "string" ? input : "";
      const choices = `Write one of: ${kinOf(word, values).join(", ")}.`;
      if (input === undefined) return choices;
      return `${JSON.stringify(input)} is no ${what}.${didYouMean(word, values) || ` ${choices}`}`;
    },
  });
}

/** Of many values with a noun before the dot, those of the noun that was written: 49 activities are no help. */
function kinOf(word: string, values: readonly string[]): readonly string[] {
  const noun = `${word.split(".")[0] ?? ""}.`;
  const kin = values.filter((value) => value.startsWith(noun));
  return kin.length > 0 ? kin : values;
}

/** A single value may stand without brackets. */
export function oneOrMany<T extends z.ZodType>(value: T) {
  return z.union([value, z.array(value).min(1, "Name at least one, or leave the line out.")]);
}

export function listed<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function textOf(isRight: (value: string) => boolean, what: string, write: string) {
  const describe = (input: unknown) => (input === undefined ? write : `${JSON.stringify(input)} is no ${what}. ${write}`);
  return z
    .string({ error: ({ input }) => describe(input) })
    .refine(isRight, { error: ({ input }) => describe(input) })
    .meta({ description: write });
}

export const prose = textOf((value) => value.trim() !== "", "text", "Write a text that says something.");

export const signalId = textOf(
  (value) => /^[a-z]+(-[a-z]+)*$/.test(value),
  "signal id",
  "Write small letters and single hyphens, such as order-unresulted; an id is permanent.",
);

export const hazardId = textOf((value) => /^H-\d\d+$/.test(value), "hazard", "Write the id of the hazard log, such as H-03.");

export const duration = textOf(
  (value) => exactDurationMs(value) !== undefined,
  "duration of fixed length",
  "Write it like PT2H or P14D (1 day is 24 hours; months and years have no fixed length).",
);

export const workingTime = textOf(
  (value) => findWorkingTime(value) !== undefined,
  "duration of fixed length",
  "Write it like PT2H or P14D (1 day is 24 hours; months and years have no fixed length), or like 5 working days or 4 working hours.",
);

/** `5 working days`; undefined of any other text. */
export function findWorkingTime(text: string): Pick<WorkingTime, "amount" | "unit"> | undefined {
  const match = /^(\d{1,4}) working (day|hour)s?$/.exec(text);
  const amount = Number(match?.[1]);
  return match && amount > 0 ? { amount, unit: match[2] === "day" ? "days" : "hours" } : undefined;
}

const comparisonText = /^(<=|<|>=|>) ?(-?\d+(?:\.\d+)?) (\S+)$/;

export const comparison = textOf(
  (value) => comparisonText.test(value),
  "comparison",
  "Write a comparison, a number and its unit in UCUM, such as >= 100 ug/L; {score} and 1 are units as well.",
);

export function comparisonOf(text: string): ValueCondition {
  const [, comparator, value, unit] = comparisonText.exec(text) ?? [];
  if (comparator === undefined || unit === undefined) throw new Error(`"${text}" was taken for a comparison`);
  return { comparator: comparator as ValueCondition["comparator"], value: Number(value), unit };
}

/** @throws Error where the schema has let through what is no duration */
export function durationMs(text: string): number {
  const ms = exactDurationMs(text);
  if (ms === undefined) throw new Error(`"${text}" was taken for a duration`);
  return ms;
}

const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && parseRfc3339(`${text}T00:00:00Z`) !== undefined;

export const day = textOf(isDay, "date", "Write it like 2027-04-01.");

export const instant = textOf((value) => findInstant(value) !== undefined, "instant", "Write it with its zone, like 2026-03-02T09:00Z.");

export const instantOrDay = textOf(
  (value) => isDay(value) || findInstant(value) !== undefined,
  "instant or date",
  "Write it like 2026-03-02T09:00Z, or 2026-03-02 where the record gives only a date.",
);

/** RFC 3339; seconds may be left out. */
function findInstant(text: string): Instant | undefined {
  return parseRfc3339(text.replace(/T(\d\d:\d\d)(?=Z|[+-])/, "T$1:00"));
}

/** An instant as an empty period, a date as the whole day in England (the zone of a site that names none). */
export function periodOf(text: string): Interval {
  if (isDay(text)) {
    const date = Temporal.PlainDate.from(text);
    const midnight = (on: Temporal.PlainDate) => on.toZonedDateTime("Europe/London").epochMilliseconds;
    return { from: midnight(date), to: midnight(date.add({ days: 1 })) };
  }
  const at = findInstant(text);
  if (at === undefined) throw new Error(`"${text}" was taken for a time`);
  return { from: at, to: at };
}

/** So many steps after a time: from a date, which steps by whole days, by the clock on the wall. */
export function stepsAfter(text: string, steps: number, stepMs: number): Instant {
  if (!isDay(text)) return periodOf(text).from + steps * stepMs;
  return periodOf(
    Temporal.PlainDate.from(text)
      .add({ days: (steps * stepMs) / 86_400_000 })
      .toString(),
  ).from;
}

/** What an example may take away: every feed that something is made from, and those that only carry attributes. */
const feedNames = [...new Set([...Object.values(madeFrom).flat(), "Observation", "Encounter"])].sort();

export const feed = oneOf(feedNames, "feed");
const systems: Readonly<Record<string, string>> = {
  snomed: "http://snomed.info/sct",
  loinc: "http://loinc.org",
  dmd: "https://dmd.nhs.uk",
};

/** A code of a terminology, which is written short. */
export const code = textOf(
  (value) => systemOf(value) !== undefined && value.indexOf("|") < value.length - 1,
  "code",
  `Write its terminology and the code itself, such as loinc|2823-3; terminologies: ${Object.keys(systems).join(", ")}, or a whole URI such as https://epr.example/codes.`,
);

function systemOf(text: string): string | undefined {
  const written = text.slice(0, Math.max(0, text.indexOf("|")));
  return systems[written] ?? (/^(https?:\/\/|urn:)\S+$/.test(written) ? written : undefined);
}

/** `loinc|2823-3` as the coding that records bear. */
export function codingOf(text: string): Coding {
  const system = systemOf(text);
  if (system === undefined) throw new Error(`"${text}" was taken for a code`);
  return { system, code: text.slice(text.indexOf("|") + 1) };
}

export const record = textOf(
  (value) => /^[A-Za-z]+\/[A-Za-z0-9.-]+$/.test(value),
  "record",
  "Write its type and id, such as DiagnosticReport/k.",
);
