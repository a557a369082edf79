import { codingsOf, hasCode, isObject, listOf, objectOf, textOf, type Json } from "./json.ts";
import { readReference } from "./references.ts";
import { keyNamed, type World } from "./world.ts";

export type ActorKind = "patient" | "team" | "machine" | "human" | "unidentified";

export interface Actor {
  readonly kind: ActorKind;
  /** Who it is, where anything says so ("a display alone names nobody"). */
  readonly person: string | undefined;
}

export const nobody: Actor = { kind: "unidentified", person: undefined };

const kindOfType: Readonly<Record<string, ActorKind>> = {
  Patient: "patient",
  RelatedPerson: "patient",
  Organization: "team",
  CareTeam: "team",
  HealthcareService: "team",
  Device: "machine",
  Practitioner: "human",
  PractitionerRole: "human",
  Person: "human",
};

/** Someone named by a reference in a resource's own field (a requester, an owner, a sender), who counts as a requestor does. */
export function actorNamed(world: World, value: unknown, container: Json): Actor {
  if (value === undefined || value === null) return nobody;
  const reference = objectOf(value)["agent"] ?? value; // STU3 `requester.agent`
  const name = readReference(reference, container);
  const key = keyNamed(world, reference, container);
  const person = key === undefined ? undefined : world.naming.personOf(key);
  const type = key !== undefined && /^[A-Z]/.test(key) ? key.slice(0, key.indexOf("/")) : name.type;
  const kind = type === undefined ? undefined : kindOfType[type];
  if (kind !== undefined) return { kind, person };
  return { kind: person !== undefined || name.display !== undefined ? "human" : "unidentified", person };
}

/** DICOM's application, destination role and source role. */
const applicationTypes = ["110150", "110152", "110153"];

/** One agent of an AuditEvent or a Provenance. */
export function agentActor(world: World, agent: Json, container: Json, isRequestor: boolean): Actor {
  const who =
    agent["who"] ??
    agent["reference"] ??
    agent["whoReference"] ??
    (isObject(agent["userId"]) ? { identifier: agent["userId"] } : undefined);
  const named = actorNamed(world, who, container);
  const altId = textOf(agent["altId"]);
  const person = named.person ?? (altId === undefined ? undefined : `altId:${altId}`);
  const isOfReadType = who !== undefined && isTyped(world, who, container);
  if (isOfReadType) return { kind: named.kind, person };
  if (hasCode([agent["type"], agent["role"]].flat(), applicationTypes)) return { kind: "machine", person };
  if (saysHuman(agent)) return { kind: "human", person };
  // "A requestor known by identifier, `altId`, name or display alone that is none of the others."
  const bareIdentifier = textOf(objectOf(objectOf(who)["identifier"])["value"]); // one without a system names nobody, and is still an identifier
  const isKnown = bareIdentifier !== undefined || named.kind === "human" || person !== undefined || textOf(agent["name"]) !== undefined;
  return { kind: isRequestor && isKnown ? "human" : "unidentified", person };
}

function isTyped(world: World, who: unknown, container: Json): boolean {
  const key = keyNamed(world, who, container);
  const type = key !== undefined && /^[A-Z]/.test(key) ? key.slice(0, key.indexOf("/")) : readReference(who, container).type;
  return type !== undefined && kindOfType[type] !== undefined;
}

function saysHuman(agent: Json): boolean {
  return [...codingsOf(agent["type"]), ...codingsOf(agent["role"])].some((each) => /^human/i.test(each.code));
}

/** "The acting person of an AuditEvent … never simply `agent[0]`." */
export function actingPerson(world: World, event: Json): Actor {
  const agents = listOf(event["agent"]).map(objectOf);
  const actors = agents.map((agent) => ({ agent, actor: agentActor(world, agent, event, agent["requestor"] === true) }));
  // "The agent with `requestor = true` that is a person": a patient who asks is the acting person, and no clinician is.
  const requestor = actors.find(({ agent, actor }) => agent["requestor"] === true && ["human", "patient"].includes(actor.kind));
  if (requestor !== undefined) return requestor.actor;
  const human = actors.find(({ agent, actor }) => saysHuman(agent) && actor.kind === "human");
  if (human !== undefined) return human.actor;
  return actors.find(({ actor }) => actor.kind === "human")?.actor ?? nobody;
}

export function agentKinds(world: World, event: Json): ActorKind[] {
  return listOf(event["agent"]).map((each) => agentActor(world, objectOf(each), event, objectOf(each)["requestor"] === true).kind);
}

export function isSamePerson(a: Actor, b: Actor): boolean {
  return a.person !== undefined && a.person === b.person;
}
