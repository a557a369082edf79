import type { Via } from "../domain/care-event.ts";
import type { Actor, Facts, Key, Ref, Told } from "../domain/facts.ts";
import type { StatedTime } from "../domain/instant.ts";
import { versionTime, type VersionTime } from "../domain/version-order.ts";
import { actingPerson, knownActor } from "./acting-person.ts";
import { isCommitted } from "./order.ts";
import { actorFields, makeEvent, type RelatedEvent } from "./related-event.ts";
import { statusTime } from "./task.ts";
import { doerOf } from "./task-doer.ts";
import { isResult, isVoided, livingVersions, resolveAll, typeOf, type World } from "./world.ts";

/** Who told of it, when, and of what. */
interface Telling {
  readonly time: StatedTime | VersionTime;
  readonly byPerson: boolean;
  readonly actor: Actor | undefined;
  readonly names: readonly (Ref | undefined)[];
  readonly via: Via;
}

/**
 * What the site's mapping reads from a record in its own way: of each report that it names, once, by its first version that
 * says so. A look at an Observation or form of a report is of grade 2; one that names the patient alone is stored on the
 * patient, as a search is.
 */
export function relateTold(world: World, key: Key): RelatedEvent[] {
  if (isVoided(world, key)) return [];
  const said = new Set(world.versions(key).flatMap((version) => version.says ?? []));
  return [...said].flatMap((activity) => {
    const telling = tellingOf(world, key, activity);
    return telling ? eventsOf(world, key, activity, telling) : [];
  });
}

function eventsOf(world: World, key: Key, activity: Told, { time, byPerson, actor, names, via }: Telling): RelatedEvent[] {
  const common = { activity, saying: key, via, byPerson, ...actorFields(actor) };
  const named = resolveAll(world, names);
  const direct = named.filter((name) => typeOf(name) === "DiagnosticReport");
  const byPart = activity === "result.viewed" ? [...new Set(named.flatMap((name) => world.reportsOf(name)))] : [];
  const events = [
    ...direct.map((report) => ({ report, grade: 3 as const })),
    ...byPart.filter((report) => !direct.includes(report)).map((report) => ({ report, grade: 2 as const })),
  ]
    .filter(({ report }) => isResult(world, report) !== false)
    .map(({ report, grade }) => makeEvent(time, { ...common, subject: report, subjectRead: isResult(world, report) !== undefined, grade }));
  const patient = world.resolve(world.versions(key).at(-1)?.patient);
  if (activity !== "result.viewed" || named.length > 0 || patient === undefined) return events;
  return [makeEvent(time, { ...common, subject: patient, subjectRead: true, grade: 1 })];
}

function tellingOf(world: World, key: Key, activity: Told): Telling | undefined {
  const says = (version: Facts): boolean => version.says?.includes(activity) ?? false;
  const audit = livingVersions(world, key, "AuditEvent").find(says);
  if (audit) {
    const actor = actingPerson(world, audit);
    if (!audit.success || !audit.at || actor.kind !== "human") return undefined;
    return { time: audit.at, byPerson: true, actor, names: audit.entities, via: "audit" };
  }
  const provenance = livingVersions(world, key, "Provenance").find(says);
  if (provenance) {
    const actor = actingPerson(world, provenance);
    return provenance.at && { time: provenance.at, byPerson: actor.kind === "human", actor, names: provenance.targets, via: "provenance" };
  }
  const tasks = livingVersions(world, key, "Task");
  const task = tasks.find((version) => says(version) && isCommitted(version));
  if (task) {
    const time = statusTime(task, tasks);
    return time && { time, ...actorOfTask(world, key, task), names: [task.focus, ...task.names, ...task.outputs], via: "task" };
  }
  const communications = livingVersions(world, key, "Communication");
  const communication = communications.find(says);
  const time = communication && (communication.at ?? communication.received ?? versionTime(communication, communications));
  if (!time) return undefined;
  const author = communication.author && knownActor(world, communication.author);
  const byPerson = !["machine", "patient"].includes(author?.kind ?? "");
  return { time, byPerson, actor: author, names: [...communication.names, ...communication.basedOn], via: "communication" };
}

function actorOfTask(...task: Parameters<typeof doerOf>): Pick<Telling, "byPerson" | "actor"> {
  const { byPerson, actor } = doerOf(...task);
  return { byPerson, actor };
}
