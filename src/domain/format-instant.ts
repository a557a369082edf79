import type { Instant, Interval } from "./instant.ts";

/** RFC 3339 in UTC; milliseconds only where there are any. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}

/** Null where there is none: for programs, to whom an absent field says less. */
export function formatOrNull(at: Instant | undefined): string | null {
  return at === undefined ? null : formatInstant(at);
}

export function formatInterval({ from, to }: Interval): { from: string; to: string } {
  return { from: formatInstant(from), to: formatInstant(to) };
}
