import type { Actor, AuditEventFacts, Key, ProvenanceFacts, Ref, TaskFacts } from "../domain/facts.ts";
import { actingPerson, agentKinds, knownActor } from "./acting-person.ts";
import type { World } from "./world.ts";

const fiveMinutesMs = 5 * 60_000;

/** Who set a Task to a status, and whether that counts as a person's doing. */
export interface Doer {
  readonly byPerson: boolean;
  readonly actor?: Actor;
}

/**
 * A Task counts as a person's unless its owner is a machine or the patient, or an AuditEvent or Provenance of that
 * version names a machine or the patient and no human. Who it was: the human so named, else the owner if human.
 */
export function doerOf(world: World, key: Key, version: TaskFacts): Doer {
  const evidence = world.evidenceOn(key).filter((each) => isOfVersion(world, key, version, each));
  const human = evidence.map((each) => actingPerson(world, each)).find((actor) => actor.kind === "human");
  const owner = version.owner && knownActor(world, version.owner);
  const ownedByNobody = owner?.kind === "machine" || owner?.kind === "patient";
  const namesNoHuman =
    evidence.some((each) => namesMachineOrPatient(world, each)) && !evidence.some((each) => agentKinds(world, each).includes("human"));
  // A team stands for whoever of it did it: a Task of the performing organisation is the laboratory's own.
  const actor = human ?? (owner?.kind === "human" || owner?.kind === "team" ? owner : undefined);
  return { byPerson: !ownedByNobody && !namesNoHuman, ...(actor && { actor }) };
}

function namesMachineOrPatient(world: World, each: AuditEventFacts | ProvenanceFacts): boolean {
  const kinds = agentKinds(world, each);
  return kinds.includes("machine") || kinds.includes("patient");
}

/** It names `…/_history/version`, or is a create or update within five minutes of the version's `lastUpdated`. */
function isOfVersion(world: World, key: Key, version: TaskFacts, each: AuditEventFacts | ProvenanceFacts): boolean {
  if (each.type === "AuditEvent" && !each.success) return false;
  const refs: readonly Ref[] = (each.type === "AuditEvent" ? each.entities : each.targets).filter((ref) => world.resolve(ref) === key);
  if (refs.some((ref) => ref.version !== undefined))
    return refs.some((ref) => ref.version !== undefined && ref.version === version.versionId);
  if (each.type === "AuditEvent" && each.operation !== "create" && each.operation !== "update") return false;
  return version.lastUpdated !== undefined && each.at !== undefined && Math.abs(each.at.at - version.lastUpdated) <= fiveMinutesMs;
}
