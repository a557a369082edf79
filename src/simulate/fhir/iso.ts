import type { Instant } from "../london-time.ts";

/** As records write an instant: to the second where there is no more to say. */
export function iso(at: Instant): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}
