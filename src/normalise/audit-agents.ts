import type { Actor, ActorKind, Coding, Ref } from "../domain/facts.ts";
import { actorOf, isMachineName, kindByIdentifier, kindByType } from "./actor.ts";
import { hasAnyCoding } from "./code-set.ts";
import { readConcept, readConcepts } from "./concept.ts";
import { identifierKey } from "./identifier.ts";
import { asObject, listObjects, textOf } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import { readReference } from "./reference.ts";
import type { Resource } from "./resource.ts";

export interface Agent {
  readonly kind: ActorKind;
  readonly ref: Ref | undefined;
  readonly requestor: boolean;
  /** Its type or role says that it is a human. */
  readonly saysHuman: boolean;
  /** It is a resource of a type that only people have. */
  readonly isPersonResource: boolean;
}

/** The agents of an AuditEvent: R4 and R5 `who`, STU3 `reference` and `userId`. */
export function readAgents(resource: Resource): Agent[] {
  return listObjects(resource.json["agent"]).map((agent) => readAgent(resource, agent));
}

function readAgent(resource: Resource, agent: JsonObject): Agent {
  const { machines, humans } = resource.context.mapping.audit;
  const who = asObject(agent["who"]) ?? asObject(agent["reference"]) ?? asObject(agent["whoReference"]);
  const userId = asObject(agent["userId"]);
  const altId = textOf(agent["altId"]);
  const name = textOf(agent["name"]);
  const display = textOf(who?.["display"]);
  const identifier = textOf(asObject(who?.["identifier"])?.["value"]) ?? textOf(userId?.["value"]);
  const ref = joinNames(readReference(resource, who ?? agent["who"]), identifierKey(userId), altId);
  const roles = rolesOf(agent);
  const requestor = agent["requestor"] === true || agent["requestor"] === "true";
  const byType = kindByType(resource, who ?? agent["who"]);
  const saysHuman = hasAnyCoding(humans, roles);
  const kind = (): ActorKind => {
    if (isMachineName(resource, name, display, altId, identifier, ref?.key)) return "machine";
    if (byType !== undefined) return byType;
    if (hasAnyCoding(machines, roles)) return "machine";
    const byIdentifier = kindByIdentifier(resource, ref);
    if (byIdentifier !== undefined) return byIdentifier;
    if (saysHuman) return "human";
    const isKnown = ref !== undefined || altId !== undefined || name !== undefined || display !== undefined || identifier !== undefined;
    return requestor && isKnown ? "human" : "unidentified";
  };
  return {
    kind: kind(),
    ref,
    requestor,
    saysHuman,
    isPersonResource: byType === "human" || (byType === undefined && kindByIdentifier(resource, ref) === "human"),
  };
}

function rolesOf(agent: JsonObject): readonly Coding[] {
  const type = agent["type"] === undefined ? [] : readConcept(agent["type"]).codings;
  if (agent["role"] === undefined) return type;
  return [...type, ...readConcepts(agent["role"]).flatMap((role) => role.codings)];
}

/** An `altId` has no system: it names a person among the `altId`s, where nothing better does, or beside it. */
function joinNames(who: Ref | undefined, userId: string | undefined, altId: string | undefined): Ref | undefined {
  const names = [userId, altId === undefined ? undefined : `altId|${altId}`].filter((name) => name !== undefined);
  if (who !== undefined) return who.also !== undefined || names[0] === undefined ? who : { ...who, also: names[0] };
  const [key, also] = names;
  if (key === undefined) return undefined;
  return also === undefined ? { key } : { key, also };
}

/**
 * The acting person (`signals.md`, Who): the requestor that is a person; else an agent whose type or role says human;
 * else the first Practitioner, PractitionerRole or Person; never simply the first. Of two requestors (an application
 * beside its user) the one that is a person by its type, role or resource goes before one known by a name alone.
 * Where no person acted: the requestor, else the first agent that says what it is.
 */
export function findActingAgent(agents: readonly Agent[]): Agent | undefined {
  const persons = agents.filter(({ kind }) => kind === "human" || kind === "patient");
  return (
    persons.find((agent) => agent.requestor && (agent.isPersonResource || agent.saysHuman)) ??
    persons.find((agent) => agent.requestor) ??
    persons.find((agent) => agent.saysHuman) ??
    persons.find((agent) => agent.isPersonResource) ??
    agents.find((agent) => agent.requestor) ??
    agents.find((agent) => agent.kind !== "unidentified")
  );
}

export function actorOfAgent(agent: Agent | undefined): Actor {
  return agent === undefined ? { kind: "unidentified" } : actorOf(agent.kind, agent.ref);
}

export function kindsOfAgents(agents: readonly Agent[]): readonly ActorKind[] {
  return agents.length === 1 && agents[0] !== undefined ? [agents[0].kind] : [...new Set(agents.map(({ kind }) => kind))];
}

/** Those that nothing but an identifier tells of. */
export function unsureOfAgents(agents: readonly Agent[]): readonly Ref[] | undefined {
  const unsure = agents.filter(({ kind, ref }) => kind === "unidentified" && ref?.key.includes("|")).flatMap(({ ref }) => ref ?? []);
  return unsure.length === 0 ? undefined : unsure;
}
