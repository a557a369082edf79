import type { CareEvent } from "../domain/care-event.ts";
import { dosesDue } from "../domain/dosage.ts";
import type { Instant } from "../domain/instant.ts";
import { hashParts } from "../domain/key.ts";

/** So far before the first dose that is looked at the one before it is looked for. */
const lookedBackMs = 8 * 86_400_000;

export interface Unfolded {
  readonly events: readonly CareEvent[];
  /** The first dose that is due after `now`. */
  readonly nextDose: Instant | undefined;
}

/**
 * Each schedule of doses as the doses themselves, from `from` up to `now`: a function of the order's facts and of these, never
 * of when a scan ran. Each knows the doses beside it, and its id is that of its instant.
 */
export function unfoldDoses(events: readonly CareEvent[], from: Instant, now: Instant): Unfolded {
  if (!events.some(({ schedule }) => schedule)) return { events, nextDose: undefined };
  const ahead: Instant[] = [];
  const unfolded = events.flatMap((event) => {
    const { schedule, ...dose } = event;
    if (!schedule) return [event];
    const due = dosesDue(schedule, from - lookedBackMs, now);
    const next = due.find((at) => at > now);
    if (next !== undefined) ahead.push(next);
    return due.flatMap((at, place): CareEvent[] => {
      if (at < from || at > now) return [];
      const [previous, following] = [due[place - 1], due[place + 1]];
      const beside = { ...(previous !== undefined && { previous }), ...(following !== undefined && { next: following }) };
      const saidSince = schedule.findLast((segment) => segment.from <= at)?.from ?? at;
      return [{ ...dose, id: String(hashParts("dose", event.id, String(at))), at, end: at, saidSince, ...beside }];
    });
  });
  return { events: unfolded, nextDose: ahead.length === 0 ? undefined : Math.min(...ahead) };
}
