import type { Actor, ProvenanceFacts } from "../domain/facts.ts";
import { readActor } from "./actor.ts";
import { hasAnyCoding, hasConcept } from "./code-set.ts";
import { readConcept, readConcepts } from "./concept.ts";
import { asObject, dropUndefined, listObjects, textOf } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import { readReferences } from "./reference.ts";
import { firstTime } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readVersion } from "./version.ts";

interface ProvenanceAgent {
  readonly actor: Actor;
  readonly verifies: boolean;
  readonly saysHuman: boolean;
}

/** R4 and R5; STU3 (`period`, `agent.whoReference`, `agent.role`, an activity that is one Coding). */
export function readProvenance(resource: Resource): Read<ProvenanceFacts> {
  const { json } = resource;
  const period = asObject(json["occurredPeriod"]) ?? asObject(json["period"]);
  const at = firstTime(resource, json["occurredDateTime"], period?.["end"], json["recorded"]);
  const agents = listObjects(json["agent"]).map((agent) => readAgent(resource, agent));
  const targets = readReferences(resource, json["target"]);
  const activities = readConcepts(json["activity"]);
  const attests =
    activities.some((activity) => hasConcept(resource.context.mapping.provenance.attest, activity)) ||
    agents.some(({ verifies }) => verifies);
  const facts: ProvenanceFacts = dropUndefined({
    ...readVersion(resource),
    type: "Provenance" as const,
    at,
    targets,
    attests,
    actor: findActor(agents),
    agentKinds: [...new Set(agents.map(({ actor }) => actor.kind))],
  });
  return { facts, at, untimed: attests && targets.length > 0 && at === undefined ? "when it was attested" : undefined };
}

function readAgent(resource: Resource, agent: JsonObject): ProvenanceAgent {
  const { provenance, audit } = resource.context.mapping;
  const roles = [readConcept(agent["type"]), ...readConcepts(agent["role"])].flatMap(({ codings }) => codings);
  const uri = textOf(agent["whoUri"]);
  const who = agent["who"] ?? agent["whoReference"] ?? (uri === undefined ? undefined : { reference: uri });
  return {
    actor: readActor(resource, who) ?? { kind: "unidentified" },
    verifies: hasAnyCoding(provenance.verifiers, roles),
    saysHuman: hasAnyCoding(audit.humans, roles),
  };
}

/** Who verified; else a person, by the order in which an AuditEvent's acting person is found; else whoever acted. */
function findActor(agents: readonly ProvenanceAgent[]): Actor {
  const verifiers = agents.filter(({ verifies }) => verifies);
  const among = verifiers.length > 0 ? verifiers : agents;
  const found =
    among.find(({ saysHuman, actor }) => saysHuman && actor.kind === "human") ??
    among.find(({ actor }) => actor.kind === "human" && actor.ref !== undefined) ??
    among.find(({ actor }) => actor.kind === "human") ??
    among.find(({ actor }) => actor.kind !== "unidentified");
  return found?.actor ?? { kind: "unidentified" };
}
