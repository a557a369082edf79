import type { Instant } from "../../src/domain/instant.ts";
import { DAY, HOUR, write } from "./moments.ts";
import { draw, tally, type Ward } from "./ward.ts";

/** Half-open intervals of RFC 3339 times, by type, as `coverage.json` holds them. */
export type Coverage = Record<string, [string, string][]>;

/** The feeds that open, close, cancel or exclude: each may be covered in its own way. */
export const feeds = [
  "DiagnosticReport",
  "ServiceRequest",
  "MedicationRequest",
  "Task",
  "AuditEvent",
  "Provenance",
  "Communication",
  "Appointment",
  "Procedure",
  "CarePlan",
  "Observation",
  "Patient",
  "Encounter",
] as const;

const ways = {
  whole: 40,
  hole: 12,
  "touching-intervals": 8,
  "empty-list": 4,
  "not-to-the-end": 8,
  "starts-late": 6,
  "two-holes": 3,
  "not-named": 5,
};
const spoiling = { ...ways, whole: 0, "touching-intervals": 0 };
const allWhole = { ...ways, hole: 0, "empty-list": 0, "not-to-the-end": 0, "starts-late": 0, "two-holes": 0, "not-named": 0 };

/** Coverage whose edges lie on openings and dues, to the millisecond; one hospital in three has no gap at all, one in three a gap in one or two feeds. */
export function drawCoverage(ward: Ward, end: Instant): Coverage {
  const extent = draw(ward, "coverage-extent", { whole: 4, "some-feeds": 4, "any-feed": 3 });
  const spoilt = ward.dice.shuffle(feeds).slice(0, extent === "whole" ? 0 : extent === "any-feed" ? feeds.length : ward.dice.int(1, 3));
  const coverage: Coverage = {};
  for (const feed of feeds) {
    const way = draw(ward, "coverage", spoilt.includes(feed) ? (extent === "some-feeds" ? spoiling : ways) : allWhole);
    const intervals = cover(ward, way, end);
    if (intervals !== undefined) coverage[feed] = intervals.map(([from, to]) => [write(ward, from), write(ward, to)]);
    if (!["whole", "touching-intervals", "not-named"].includes(way)) tally(ward, `gap-in:${feed}`);
    if (intervals === undefined && ward.resources.some((each) => each["resourceType"] === feed)) tally(ward, "not-named-but-held");
  }
  return coverage;
}

function cover(ward: Ward, way: keyof typeof ways, end: Instant): [Instant, Instant][] | undefined {
  const start = ward.start - 2 * DAY;
  const marks = [...ward.openings, ...ward.dues].filter((at) => at > start + 2 && at < end - 2);
  const edge = (): Instant => ward.dice.pick(marks.length > 0 ? marks : [start + DAY]) + ward.dice.pick([0, 0, 0, -1, 1]);
  const length = (): number => ward.dice.pick([1, HOUR, 2 * HOUR, DAY, 7 * DAY]);
  const first = edge();
  const second = edge();
  const holes: Record<typeof way, [Instant, Instant][] | undefined> = {
    whole: [[start, end]],
    "touching-intervals": [
      [start, first],
      [first, end],
    ],
    "empty-list": [],
    "not-to-the-end": [[start, first]],
    "starts-late": [[first, end]],
    hole: [
      [start, first],
      [Math.min(first + length(), end), end],
    ],
    "two-holes": [
      [start, Math.min(first, second)],
      [Math.min(first, second) + 1, Math.max(first, second) + 1],
      [Math.min(Math.max(first, second) + HOUR, end), end],
    ],
    "not-named": undefined,
  };
  return holes[way]?.filter(([from, to]) => from < to);
}
