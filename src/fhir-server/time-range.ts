/** Half-open, in epoch milliseconds; an open end is infinite. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

const pattern = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * The time that a FHIR date, dateTime or instant of any precision stands for: `2026-03` is all of March, a time with
 * seconds that whole second, one with a fraction its millisecond. Without a zone it is read as UTC. Undefined for
 * anything else, and for times that no calendar has.
 */
export function readTime(text: string): TimeRange | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, year = "", month, day, hour, minute, second, fraction, zone = "Z"] = match;
  const date = `${year}-${month ?? "01"}-${day ?? "01"}`;
  // Date.parse takes 30 February for 2 March, and 24:00 for the next day.
  if (hour === "24" || toIso(Date.parse(date))?.slice(0, 10) !== date) return undefined;
  const milliseconds = (fraction ?? "").slice(0, 3).padEnd(3, "0");
  const start = Date.parse(`${date}T${hour ?? "00"}:${minute ?? "00"}:${second ?? "00"}.${milliseconds}${zone}`);
  if (Number.isNaN(start)) return undefined;
  if (month === undefined) return { start, end: new Date(start).setUTCFullYear(Number(year) + 1) };
  if (day === undefined) return { start, end: new Date(start).setUTCMonth(Number(month)) };
  return { start, end: start + (fraction !== undefined ? 1 : second !== undefined ? 1_000 : minute !== undefined ? 60_000 : 86_400_000) };
}

/** The same of a time that a record states; with seconds it is a moment, so that windows can be cut inside a second. */
export function readStatedTime(text: string): TimeRange | undefined {
  const range = readTime(text);
  return range !== undefined && range.end - range.start === 1_000 ? { start: range.start, end: range.start + 1 } : range;
}

/** Two half-open ranges have a moment in common; an empty one has none with any. */
export function overlap(a: TimeRange, b: TimeRange): boolean {
  return Math.max(a.start, b.start) < Math.min(a.end, b.end);
}

/** For people; undefined for what is no time, or infinite. */
export function toIso(at: number): string | undefined {
  return Number.isFinite(at) ? new Date(at).toISOString() : undefined;
}
