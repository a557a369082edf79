import { DAY, HOUR, atHour, type Instant } from "./london-time.ts";
import type { Medicine } from "./pathway.ts";

/** When doses of a medicine are due before an instant, in order: from its prescription on. None where nobody says when. */
export function dosesOf({ at, times }: Medicine, before: Instant): Instant[] {
  if (times === undefined) return [];
  if ("once" in times) return times.once < before ? [times.once] : [];
  const due: Instant[] = [];
  if ("everyHours" in times) {
    const end = Math.min(before, times.until ?? Infinity);
    for (let each = times.from; each < end; each += times.everyHours * HOUR) due.push(each);
    return due;
  }
  for (let day = at - DAY; day < before + DAY; day = atHour(day, 12, 1)) {
    for (const time of times.at) {
      const [hours = 0, minutes = 0] = time.split(":").map(Number);
      due.push(atHour(day, hours + minutes / 60));
    }
  }
  return [...new Set(due)].filter((each) => each >= at && each < before).sort((one, other) => one - other);
}
