import type { Instant, Interval } from "./instant.ts";

/** RFC 3339 in UTC, as `--json` prints it. */
export function toIso(at: Instant): string {
  return new Date(at).toISOString();
}

/** `2026-02-05 01:00 UTC`; seconds only where there are any. */
export function showInstant(at: Instant): string {
  return `${bare(at)} UTC`;
}

/** `2026-02-05 01:00 to 05:00 UTC`. */
function showInterval({ from, to }: Interval): string {
  const [start, end] = [bare(from), bare(to)];
  return `${start} to ${start.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end} UTC`;
}

/** The first few, and how many more there are. */
export function showIntervals(intervals: readonly Interval[], most = 3): string {
  const shown = intervals.slice(0, most).map(showInterval).join(", ");
  return intervals.length > most ? `${shown} and ${intervals.length - most} more` : shown;
}

function bare(at: Instant): string {
  return new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/(:00)?\.\d{3}Z$/, "");
}
