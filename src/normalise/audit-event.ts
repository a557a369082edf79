import type { AuditEventFacts, Coding } from "../domain/facts.ts";
import { actorOfAgent, findActingAgent, kindsOfAgents, unsureOfAgents, readAgents } from "./audit-agents.ts";
import type { Agent } from "./audit-agents.ts";
import { readEntities } from "./audit-entities.ts";
import type { Entities } from "./audit-entities.ts";
import { hasAnyCoding } from "./code-set.ts";
import { readConcept, readConcepts } from "./concept.ts";
import { asObject, dropUndefined, textOf } from "./loose-json.ts";
import { firstTime } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readPatient, readVersion } from "./version.ts";

/** R4; R5 (`category`, `code`, `occurred[x]`, `outcome.code`, `patient`, `encounter`); STU3 (`agent.reference`, `userId`). */
export function readAuditEvent(resource: Resource): Read<AuditEventFacts> {
  const { json } = resource;
  const { audit } = resource.context.mapping;
  const period = asObject(json["period"]) ?? asObject(json["occurredPeriod"]);
  const at = firstTime(resource, period?.["end"], json["occurredDateTime"], json["recorded"]);
  const startedAt = firstTime(resource, period?.["start"], json["occurredDateTime"], json["recorded"]);
  const subtypes = [...codingsOf(json["subtype"]), ...codingsOf(json["code"])];
  const codings = [...subtypes, ...codingsOf(json["type"]), ...codingsOf(json["category"])];
  const entities = readEntities(resource);
  const agents = readAgents(resource);
  const acting = findActingAgent(agents);
  const version = readVersion(resource);
  const patient =
    readPatient(resource, json["patient"]) ??
    entities.patient ??
    findPatientAgent(acting === undefined ? agents : [acting, ...agents])?.ref;
  const success = isSuccess(json["outcome"], audit.success);
  const facts: AuditEventFacts = dropUndefined({
    ...version,
    type: "AuditEvent" as const,
    at,
    startedAt,
    success,
    operation: readOperation(resource, subtypes, entities),
    lifecycle: hasAnyCoding(audit.attest, codings)
      ? ("attest" as const)
      : hasAnyCoding(audit.transmit, codings)
        ? ("transmit" as const)
        : undefined,
    actor: actorOfAgent(acting),
    agentKinds: kindsOfAgents(agents),
    unsure: unsureOfAgents(agents),
    entities: entities.records,
    searched: entities.searched,
    opensChart: entities.isOfPatient ? (true as const) : undefined,
    patient,
  });
  const statesSomething = entities.records.length > 0 || entities.searched.length > 0 || patient !== undefined;
  return { facts, at, carried: [startedAt], untimed: at === undefined && success && statesSomething ? "when it happened" : undefined };
}

/** A patient who acts, or for whom somebody acts; a relative is not the patient. */
function findPatientAgent(agents: readonly Agent[]): Agent | undefined {
  return agents.find(({ kind, ref }) => kind === "patient" && ref !== undefined && !ref.key.startsWith("RelatedPerson/"));
}

const none: readonly Coding[] = [];

function codingsOf(value: unknown): readonly Coding[] {
  if (value === undefined) return none;
  return Array.isArray(value) ? readConcepts(value).flatMap((concept) => concept.codings) : readConcept(value).codings;
}

/** `outcome` is a code, or R5's object with a code; a missing one is success. */
function isSuccess(outcome: unknown, successCodes: ReadonlySet<string>): boolean {
  if (outcome === undefined || outcome === null) return true;
  const code = typeof outcome === "object" ? readConcept(asObject(outcome)?.["code"] ?? outcome).codings[0]?.code : textOf(outcome);
  return code === undefined ? typeof outcome === "object" || outcome === "" : successCodes.has(code.toLowerCase());
}

/**
 * A read is action R, or no action and a subtype that says so; with a query or a subtype `search…` it is a search,
 * which servers audit as E or R. Other actions are what they say.
 */
function readOperation(resource: Resource, subtypes: readonly Coding[], entities: Entities): AuditEventFacts["operation"] {
  const { audit } = resource.context.mapping;
  const action = textOf(resource.json["action"])?.toUpperCase();
  if (action === "C") return "create";
  if (action === "U") return "update";
  if (action === "D") return "delete";
  if (entities.hasQuery || subtypes.some(({ code }) => code.toLowerCase().startsWith(audit.searchPrefix))) return "search";
  if (action === "R") return "read";
  if (action !== undefined) return "other";
  if (hasAnyCoding(audit.read, subtypes)) return "read";
  if (hasAnyCoding(audit.create, subtypes)) return "create";
  if (hasAnyCoding(audit.update, subtypes)) return "update";
  return hasAnyCoding(audit.delete, subtypes) ? "delete" : "other";
}
