import type { Actor, ActorKind, Coding, Ref } from "../domain/facts.ts";
import { actorOf, isMachineName, kindByIdentifier, kindByType } from "./actor.ts";
import { hasAnyCoding } from "./code-set.ts";
import { readAllCodings } from "./concept.ts";
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
  const byResource = byType ?? kindByIdentifier(resource, ref);
  const isKnown = ref !== undefined || altId !== undefined || name !== undefined || display !== undefined || identifier !== undefined;
  const otherwise = saysHuman || (requestor && isKnown) ? "human" : "unidentified";
  const isMachine =
    isMachineName(resource, name, display, altId, identifier, ref?.key) || (byType === undefined && hasAnyCoding(machines, roles));
  return { kind: isMachine ? "machine" : (byResource ?? otherwise), ref, requestor, saysHuman, isPersonResource: byResource === "human" };
}

/** One type (a list's first), and every role. */
function rolesOf({ type, role }: JsonObject): readonly Coding[] {
  return readAllCodings(Array.isArray(type) ? asObject(type) : type, role);
}

/** An `altId` has no system: it names a person among the `altId`s, where nothing better does, or beside it. */
function joinNames(who: Ref | undefined, userId: string | undefined, altId: string | undefined): Ref | undefined {
  const alternative = altId === undefined ? undefined : `altId|${altId}`;
  const name = userId ?? alternative;
  if (name === undefined) return who;
  if (who !== undefined) return who.also === undefined ? { ...who, also: name } : who;
  return userId === undefined || alternative === undefined ? { key: name } : { key: userId, also: alternative };
}

/**
 * The acting person (`signals.md`, Who): the requestor that is a person; else an agent whose type or role says human;
 * else the first Practitioner, PractitionerRole or Person; never simply the first. Of two requestors (an application
 * beside its user) the one that is a person by its type, role or resource goes before one known by a name alone.
 * Where no person acted: the requestor, else the first agent that says what it is.
 */
export function findActingAgent(agents: readonly Agent[]): Agent | undefined {
  let found: Agent | undefined;
  let best = nobody;
  for (const agent of agents) {
    const rank = rankOf(agent);
    if (rank < best) [found, best] = [agent, rank];
  }
  return found;
}

const nobody = 6;

function rankOf({ kind, requestor, saysHuman, isPersonResource }: Agent): number {
  if (kind === "human" || kind === "patient") {
    if (requestor) return isPersonResource || saysHuman ? 0 : 1;
    if (saysHuman) return 2;
    if (isPersonResource) return 3;
  }
  if (requestor) return 4;
  return kind === "unidentified" ? nobody : 5;
}

export function actorOfAgent(agent: Agent | undefined): Actor {
  return agent === undefined ? { kind: "unidentified" } : actorOf(agent.kind, agent.ref);
}

export function kindsOfAgents(agents: readonly Agent[]): readonly ActorKind[] {
  return agents.length === 1 && agents[0] !== undefined ? [agents[0].kind] : [...new Set(agents.map(({ kind }) => kind))];
}

/** Those that nothing but an identifier tells of. */
export function unsureOfAgents(agents: readonly Agent[]): readonly Ref[] | undefined {
  let unsure: Ref[] | undefined;
  for (const { kind, ref } of agents) if (kind === "unidentified" && ref?.key.includes("|")) (unsure ??= []).push(ref);
  return unsure;
}
