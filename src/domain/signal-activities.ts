import type { Activity } from "./activity.ts";
import { oncePer } from "./once-per.ts";
import type { Signal } from "./signal.ts";

/** What begins an instance of a signal: opens its loop, or is the first step of its sequence. */
export const openingActivities = oncePer(({ loop, sequence }: Signal): readonly Activity[] =>
  loop ? loop.opens.flatMap((clause) => clause.activity) : (sequence.steps[0]?.activity ?? []),
);

/** What ends it well: closes the loop; or, had it come first, would have kept the sequence from being one. */
export function closingActivities({ loop, sequence }: Signal): readonly Activity[] {
  return loop ? loop.closes.flatMap((clause) => clause.activity) : (sequence.without?.activity ?? []);
}

export function cancellingActivities({ loop }: Signal): readonly Activity[] {
  return loop?.cancels.flatMap((clause) => clause.activity) ?? [];
}
