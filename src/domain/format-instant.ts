import type { Instant } from "./instant.ts";

/** RFC 3339 in UTC; milliseconds only where there are any. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}
