import type { Actor, ActorKind, AuditEventFacts, ProvenanceFacts } from "../domain/facts.ts";
import { typeOf, type World } from "./world.ts";

const people = ["Practitioner", "PractitionerRole", "Person"];

/** The acting person of an AuditEvent: as it says itself, else the first agent whose identifier a member of staff bears. */
export function actingPerson(world: World, event: AuditEventFacts | ProvenanceFacts): Actor {
  const { actor } = event;
  if (actor.kind === "human" || actor.kind === "patient" || event.type === "Provenance") return actor;
  const known = event.unsure?.find((ref) => people.includes(typeOf(world.resolve(ref) ?? "")));
  return known ? { kind: "human", ref: known } : actor;
}

/** What its agents are, those known by an identifier alone as the records that bear it say. */
export function agentKinds(world: World, event: AuditEventFacts | ProvenanceFacts): readonly ActorKind[] {
  return actingPerson(world, event).kind === "human" ? [...event.agentKinds, "human"] : event.agentKinds;
}
