import type { AuditEventFacts, Coding } from "../domain/facts.ts";
import { actorOfAgent, findActingAgent, kindsOfAgents, unsureOfAgents, readAgents } from "./audit-agents.ts";
import type { Agent } from "./audit-agents.ts";
import { readEntities } from "./audit-entities.ts";
import type { Entities } from "./audit-entities.ts";
import { hasAnyCoding, type CodeSet } from "./code-set.ts";
import { readAllCodings, readCodings } from "./concept.ts";
import { addDefined, asObject, dropUndefined, lowerCase, textOf } from "./loose-json.ts";
import { firstTime } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readPatient, readVersionParts } from "./version.ts";

/** R4; R5 (`category`, `code`, `occurred[x]`, `outcome.code`, `patient`, `encounter`); STU3 (`agent.reference`, `userId`). */
export function readAuditEvent(resource: Resource): Read<AuditEventFacts> {
  const { json } = resource;
  const { audit } = resource.context.mapping;
  const version = readVersionParts(resource);
  const period = asObject(json["period"]) ?? asObject(json["occurredPeriod"]);
  const at = firstTime(resource, period?.["end"], json["occurredDateTime"], json["recorded"]);
  const startedAt = firstTime(resource, period?.["start"], json["occurredDateTime"], json["recorded"]);
  const subtypes = readAllCodings(json["subtype"], json["code"]);
  const types = readAllCodings(json["type"], json["category"]);
  const entities = readEntities(resource);
  const agents = readAgents(resource);
  const acting = findActingAgent(agents);
  const patient = readPatient(resource, json["patient"]) ?? entities.patient ?? findPatientAgent(acting, agents)?.ref;
  const success = isSuccess(json["outcome"], audit.success);
  const isOf = (set: CodeSet): boolean => hasAnyCoding(set, subtypes) || hasAnyCoding(set, types);
  // In one object, of what most AuditEvents say, and the rest only where it is said: most of what is read are AuditEvents.
  const usual = dropUndefined({
    versionId: version.versionId,
    lastUpdated: version.lastUpdated,
    recordedAt: version.recordedAt,
    statusRank: version.statusRank,
    contentHash: version.contentHash,
    status: version.status,
    type: "AuditEvent" as const,
    at,
    startedAt,
    success,
    operation: readOperation(resource, subtypes, entities),
    actor: actorOfAgent(acting),
    agentKinds: kindsOfAgents(agents),
    entities: entities.records,
    searched: entities.searched,
    patient,
  });
  const facts: AuditEventFacts = addDefined(usual, {
    voided: version.voided,
    encounter: version.encounter,
    identifiers: version.identifiers,
    labels: version.labels,
    lifecycle: isOf(audit.attest) ? ("attest" as const) : isOf(audit.transmit) ? ("transmit" as const) : undefined,
    unsure: unsureOfAgents(agents),
    opensChart: entities.isOfPatient ? (true as const) : undefined,
  });
  const statesSomething = entities.records.length > 0 || entities.searched.length > 0 || patient !== undefined;
  return { facts, at, carried: [startedAt], untimed: at === undefined && success && statesSomething ? "when it happened" : undefined };
}

/** A patient who acts, or for whom somebody acts; a relative is not the patient. */
function findPatientAgent(acting: Agent | undefined, agents: readonly Agent[]): Agent | undefined {
  return acting !== undefined && isPatientAgent(acting) ? acting : agents.find(isPatientAgent);
}

function isPatientAgent({ kind, ref }: Agent): boolean {
  return kind === "patient" && ref !== undefined && !ref.key.startsWith("RelatedPerson/");
}

/** `outcome` is a code, or R5's object with a code; a missing one is success. */
function isSuccess(outcome: unknown, successCodes: ReadonlySet<string>): boolean {
  if (outcome === undefined || outcome === null) return true;
  const code = typeof outcome === "object" ? readCodings(asObject(outcome)?.["code"] ?? outcome)[0]?.code : textOf(outcome);
  return code === undefined ? typeof outcome === "object" || outcome === "" : successCodes.has(lowerCase(code));
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
  if (entities.hasQuery || subtypes.some(({ code }) => lowerCase(code).startsWith(audit.searchPrefix))) return "search";
  if (action === "R") return "read";
  if (action !== undefined) return "other";
  if (hasAnyCoding(audit.read, subtypes)) return "read";
  if (hasAnyCoding(audit.create, subtypes)) return "create";
  if (hasAnyCoding(audit.update, subtypes)) return "update";
  return hasAnyCoding(audit.delete, subtypes) ? "delete" : "other";
}
