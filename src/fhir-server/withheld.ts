import { isObject } from "./json-value.ts";
import { overlap, readTime, toIso, type TimeRange } from "./time-range.ts";

/** Per resource type the times that were read, as `coverage.json` says. */
export type Coverage = ReadonlyMap<string, readonly TimeRange[]>;

/** Per resource type the times that cannot be read. */
export type Withheld = ReadonlyMap<string, readonly TimeRange[]>;

/**
 * The united coverage of such files, moved by `shiftMs`.
 * @throws Error naming the file that has another shape
 */
export function readCoverage(files: readonly { file: string; content: unknown }[], shiftMs: number): Coverage {
  const coverage = new Map<string, TimeRange[]>();
  for (const { file, content } of files) {
    if (!isObject(content)) throw malformed(file);
    for (const [type, intervals] of Object.entries(content)) {
      if (!Array.isArray(intervals)) throw malformed(file);
      const ranges = intervals.map((each) => {
        const range = readInterval(each, shiftMs);
        if (range === undefined) throw malformed(file);
        return range;
      });
      coverage.set(type, [...(coverage.get(type) ?? []), ...ranges]);
    }
  }
  return coverage;
}

function readInterval(interval: unknown, shiftMs: number): TimeRange | undefined {
  const [start, end] = Array.isArray(interval) && interval.length === 2 ? interval.map((each) => readTime(String(each))?.start) : [];
  return start === undefined || end === undefined ? undefined : { start: start + shiftMs, end: end + shiftMs };
}

function malformed(file: string): Error {
  return new Error(`${file} is not of the form { "AuditEvent": [["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"]] }.`);
}

/**
 * What the coverage leaves out between the earliest start of any type and the latest end of any. A type that ends
 * before the others do is withheld from there on, for ever; one that is not named is not withheld at all.
 */
export function withheldBy(coverage: Coverage): Withheld {
  const all = [...coverage.values()].flat();
  const start = all.length === 0 ? -Infinity : Math.min(...all.map((range) => range.start));
  const end = all.length === 0 ? Infinity : Math.max(...all.map((range) => range.end));
  return new Map([...coverage].map(([type, ranges]) => [type, complement(ranges, start, end)]));
}

function complement(ranges: readonly TimeRange[], start: number, end: number): TimeRange[] {
  const gaps: TimeRange[] = [];
  let covered = start;
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    if (range.start > covered) gaps.push({ start: covered, end: range.start });
    covered = Math.max(covered, range.end);
  }
  if (covered < end) gaps.push({ start: covered, end: Infinity });
  return gaps;
}

/** The first withheld time of the type that the window touches. */
export function findWithheld(withheld: Withheld, type: string, window: TimeRange): TimeRange | undefined {
  return withheld.get(type)?.find((range) => overlap(range, window));
}

/** Such as `AuditEvent from 2026-02-05T01:00:00.000Z to 2026-02-05T05:00:00.000Z cannot be read here.` */
export function describeWithheld(type: string, { start, end }: TimeRange): string {
  const [from, to] = [toIso(start), toIso(end)];
  const when = from === undefined ? "" : to === undefined ? ` from ${from} on` : ` from ${from} to ${to}`;
  return `${type}${when} cannot be read here.`;
}
