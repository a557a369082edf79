import { z } from "zod";
import { exactDurationMs, parseDuration } from "../domain/duration.ts";
import { didYouMean } from "../domain/nearest-name.ts";

/** The kinds of text that a configuration holds. Each says what it found and what to write instead. */
interface TextKind {
  readonly isRight: (value: string) => boolean;
  /** Completes `"…" is no`. */
  readonly what: string;
  /** A sentence that starts with "Write". */
  readonly write: string;
  readonly hint?: (value: string) => string;
}

function textOf({ isRight, what, write, hint = () => "" }: TextKind) {
  const describe = (input: unknown): string =>
    input === undefined ? write : `${JSON.stringify(input)} is no ${what}. ${write}${typeof input === "string" ? hint(input) : ""}`;
  return z.string({ error: ({ input }) => describe(input) }).check(({ value, issues }) => {
    if (!isRight(value)) issues.push({ code: "custom", input: value, message: describe(value) });
  });
}

export const shortName = textOf({
  isRight: (value) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value),
  what: "name",
  write: "Write small letters, digits and single hyphens, such as st-elsewhere.",
});

export const timeZone = textOf({
  isRight: isTimeZone,
  what: "time zone",
  write: "Write an IANA name such as Europe/London.",
  hint: (value) => didYouMean(value, Intl.supportedValuesOf("timeZone")),
});

function isTimeZone(value: string): boolean {
  // A bare offset is accepted below, but knows no summer time.
  if (/^[+-]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

export const fixedDuration = textOf({
  isRight: (value) => exactDurationMs(value) !== undefined,
  what: "ISO 8601 duration of fixed length",
  write: "Write it like PT6H or P14D.",
  hint: (value) => timeHint(value) || (/^P\d+[YM]/i.test(value) ? " Months and years have no fixed length: count in days." : ""),
});

export const retention = textOf({
  isRight: (value) => (parseDuration(value)?.sign ?? 0) > 0,
  what: "ISO 8601 duration",
  write: "Write it like P2Y or P18M.",
  hint: timeHint,
});

function timeHint(value: string): string {
  return /^P\d+[HS]$/i.test(value) ? ` Hours, minutes and seconds come after a T: PT${value.slice(1)}.` : "";
}

export const httpUrl = textOf({
  isRight: (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
  what: "web address",
  write: "Write the whole base URL, such as https://other.example/fhir.",
}).transform((value) => value.replace(/\/+$/, ""));

export const identifierSystem = textOf({
  isRight: (value) => /^[a-z][a-z0-9+.-]*:\S+$/i.test(value),
  what: "identifier system",
  write: "Write its whole URI, such as https://fhir.nhs.uk/Id/nhs-number.",
});

export const patient = textOf({
  isRight: (value) => /^Patient\/[A-Za-z0-9\-._]+$/.test(value),
  what: "name of a patient",
  write: "Write Patient/ and the id, such as Patient/test-1.",
});

export const nonEmpty = textOf({
  isRight: (value) => value.trim() !== "",
  what: "text",
  write: "Write a text, in quotation marks if it looks like a number.",
});
