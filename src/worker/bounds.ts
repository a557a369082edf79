import type { LooksAsked } from "../detect/looks-asked.ts";
import type { Activity } from "../domain/activity.ts";
import type { Instant } from "../domain/instant.ts";

/** What a batch of patients is read of: nothing at or before the retention line, nothing after `now`. */
export interface Bounds {
  readonly line: Instant;
  /** Everything of the patients from here on; before it only what is on the same records, deaths, and `before`. */
  readonly start: Instant;
  readonly now: Instant;
  /** Activities that openings rest on, however long before. */
  readonly before?: readonly Activity[];
  /** Those that count from before the retention line as well. */
  readonly ever?: readonly Activity[];
  /** Of looks only these. */
  readonly looks: LooksAsked;
}

/** Whether everything that is kept is read, from the retention line on: then what is held tells which looks bear on anything. */
export function isWhole({ start, line }: Pick<Bounds, "start" | "line">): boolean {
  return start - 1 <= line;
}
