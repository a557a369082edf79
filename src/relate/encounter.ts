import type { Key } from "../domain/facts.ts";
import { settingAt, teamOf } from "./attributes.ts";
import { makeEvent, type RelatedEvent } from "./related-event.ts";
import { currentVersion, isVoided, type World } from "./world.ts";

const endedStatuses = ["finished", "completed", "discharged"];

/** When an encounter started, and when it ended: as its newest version says. */
export function relateEncounter(world: World, key: Key): RelatedEvent[] {
  const newest = currentVersion(world, key, "Encounter");
  if (!newest || isVoided(world, key)) return [];
  const common = { subject: key, subjectRead: true, saying: key, via: "act" as const, encounter: key, team: teamOf(world, [], key) };
  const { start, end, status } = newest;
  // A date alone ends with its day.
  const ended = end && endedStatuses.includes(status) ? { ...end, at: end.precision === "instant" ? end.at : end.end } : undefined;
  return [
    ...(start ? [makeEvent(start, { ...common, activity: "encounter.started", setting: settingAt(world, key, start.at) })] : []),
    ...(ended ? [makeEvent(ended, { ...common, activity: "encounter.ended", setting: settingAt(world, key, ended.at - 1) })] : []),
  ];
}
