import type { CareEvent } from "../domain/care-event.ts";
import type { Actor } from "../domain/facts.ts";
import type { StatedTime } from "../domain/instant.ts";
import { nameOf } from "../domain/key.ts";
import type { VersionTime } from "../domain/version-order.ts";

/**
 * A care event before its keys are hashed. `ordinal` tells the events of one record, activity and subject apart: empty
 * for what happens once, else what it changed to (and how many earlier held versions had changed to the same).
 */
export interface RelatedEvent extends Omit<CareEvent, "id"> {
  readonly ordinal: string;
}

type Required = "activity" | "subject" | "subjectRead" | "saying" | "via";

/** An event with what most events share; `time` is as stated, or a version's. */
export function makeEvent(time: StatedTime | VersionTime, event: Pick<RelatedEvent, Required> & Partial<RelatedEvent>): RelatedEvent {
  return {
    ordinal: "",
    at: time.at,
    end: "end" in time ? time.end : time.at,
    precision: time.precision,
    actorKind: "unidentified",
    byPerson: false,
    grade: 3,
    ...event,
  };
}

/**
 * Who acted, as event fields: by the name that the record uses, for who bears it is worked out in detection, anew at
 * every scan. A human named by a display alone is a person without a key.
 */
export function actorFields(actor: Actor | undefined): Partial<Pick<RelatedEvent, "actor" | "actorKind">> {
  return actor ? { actorKind: actor.kind, ...(actor.ref && { actor: nameOf(actor.ref) }) } : {};
}

/** Numbers repeated occurrences of the same change: the first is `name`, the next `name~1`. */
export function countOrdinals(): (name: string) => string {
  const counts = new Map<string, number>();
  return (name) => {
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}~${String(count)}`;
  };
}
