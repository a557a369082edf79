import type { Key } from "../domain/facts.ts";
import { actingPerson } from "./acting-person.ts";
import { actorFields, makeEvent, type RelatedEvent } from "./related-event.ts";
import { isRead, isResult, isVoided, newestVersion, resolveAll, typeOf, type World } from "./world.ts";

/** A Provenance that verifies or attests a report acknowledges it. */
export function relateProvenance(world: World, key: Key): RelatedEvent[] {
  const provenance = newestVersion(world, key, "Provenance");
  if (!provenance?.attests || !provenance.at || isVoided(world, key)) return [];
  const { at: time } = provenance;
  const actor = actingPerson(world, provenance);
  return resolveAll(world, provenance.targets)
    .filter((target) => typeOf(target) === "DiagnosticReport" && isResult(world, target) !== false)
    .map((report) =>
      makeEvent(time, {
        activity: "result.acknowledged",
        subject: report,
        subjectRead: isRead(world, report),
        saying: key,
        via: "provenance",
        byPerson: actor.kind === "human",
        ...actorFields(actor),
      }),
    );
}
