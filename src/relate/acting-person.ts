import type { Actor, ActorKind, AuditEventFacts, ProvenanceFacts } from "../domain/facts.ts";
import { isRecordName } from "./links.ts";
import { typeOf, type World } from "./world.ts";

const kinds: Readonly<Record<string, ActorKind>> = {
  Practitioner: "human",
  PractitionerRole: "human",
  Person: "human",
  Patient: "patient",
  RelatedPerson: "patient",
  Organization: "team",
  CareTeam: "team",
  HealthcareService: "team",
  Device: "machine",
};

/** An actor known by an identifier is what the record is that bears it; as the event says, where none is read. */
export function knownActor(world: World, actor: Actor): Actor {
  const name = actor.ref && !isRecordName(actor.ref.key) ? world.resolve(actor.ref) : undefined;
  const kind = name === undefined ? undefined : kinds[typeOf(name)];
  return kind === undefined ? actor : { ...actor, kind };
}

/** The acting person of an AuditEvent: as it says itself, else the first agent whose identifier a member of staff bears. */
export function actingPerson(world: World, event: AuditEventFacts | ProvenanceFacts): Actor {
  const actor = knownActor(world, event.actor);
  if (actor.kind === "human" || actor.kind === "patient" || event.type === "Provenance") return actor;
  return event.unsure?.map((ref) => knownActor(world, { kind: "unidentified", ref })).find(({ kind }) => kind === "human") ?? actor;
}

/** What its agents are, those known by an identifier alone as the records that bear it say. */
export function agentKinds(world: World, event: AuditEventFacts | ProvenanceFacts): readonly ActorKind[] {
  const acting = actingPerson(world, event).kind;
  return acting === event.actor.kind ? event.agentKinds : [...event.agentKinds.filter((kind) => kind !== event.actor.kind), acting];
}
