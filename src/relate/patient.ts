import type { Key } from "../domain/facts.ts";
import { makeEvent, type RelatedEvent } from "./related-event.ts";
import { isVoided, livingVersions, type World } from "./world.ts";

/** A death: `deceasedDateTime`; else `deceasedBoolean`, which says only that it happened before that version. */
export function relatePatient(world: World, key: Key): RelatedEvent[] {
  const versions = livingVersions(world, key, "Patient");
  const newest = versions.at(-1);
  if (!newest || isVoided(world, key)) return [];
  const died = { activity: "patient.died" as const, subject: key, subjectRead: true, saying: key, via: "patient" as const };
  if (newest.deceasedAt) return [makeEvent(newest.deceasedAt, died)];
  const first = newest.deceased && versions.find((version) => version.deceased);
  return first?.lastUpdated === undefined ? [] : [makeEvent({ at: first.lastUpdated, precision: "upper-bound" }, died)];
}
