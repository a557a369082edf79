import type { Actor, Ref, TaskFacts } from "../domain/facts.ts";
import { readActor } from "./actor.ts";
import { hasConcept } from "./code-set.ts";
import { isSaid, readConcept } from "./concept.ts";
import { asObject, joinDefined, listObjects, textOf } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import { tentativeIntents } from "./order.ts";
import { readPriority } from "./priority.ts";
import { readReference, readReferences } from "./reference.ts";
import { timeOf } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readStatus, readVersionParts } from "./version.ts";

const endedStatuses = new Set(["rejected", "failed", "cancelled"]);

/** R4; R5 (`requestedPerformer`, `reason`); STU3 (`requester.agent`, `context`). */
export function readTask(resource: Resource): Read<TaskFacts> {
  const { json } = resource;
  const code = json["code"] === undefined ? undefined : readConcept(json["code"]);
  const facts: TaskFacts = joinDefined(readVersionParts(resource), {
    type: "Task" as const,
    intent: readStatus(json["intent"]),
    priority: readPriority(resource),
    code: code !== undefined && isSaid(code) ? code : undefined,
    review:
      code === undefined || !isSaid(code)
        ? ("absent" as const)
        : hasConcept(resource.context.mapping.reviews, code)
          ? ("listed" as const)
          : ("other" as const),
    description: textOf(json["description"]),
    focus: readReference(resource, json["focus"]),
    basedOn: readReferences(resource, json["basedOn"]),
    names: readNames(resource),
    outputs: readReferences(resource, ...listObjects(json["output"]).map(valueOfParameter)),
    owner: readOwner(resource),
    requester: readActor(resource, json["requester"]),
    authoredOn: timeOf(resource, json["authoredOn"]),
    lastModified: timeOf(resource, json["lastModified"]),
    executionEnd: timeOf(resource, asObject(json["executionPeriod"])?.["end"]),
    due: timeOf(resource, asObject(asObject(json["restriction"])?.["period"])?.["end"]),
  });
  return {
    facts,
    at: facts.lastModified ?? facts.authoredOn,
    carried: [facts.authoredOn, facts.executionEnd, facts.due],
    untimed: findUntimed(facts),
  };
}

function findUntimed({ status, intent, authoredOn, lastModified, lastUpdated, executionEnd }: TaskFacts): string | undefined {
  if (lastModified !== undefined || lastUpdated !== undefined) return undefined;
  if (status === "completed") return executionEnd === undefined ? "when it was completed" : undefined;
  if (endedStatuses.has(status)) return "when it came to its status";
  // A status on the way may stay without its own time: what it was asked for is still placed by authoredOn.
  const opens = !["draft", "entered-in-error"].includes(status) && !tentativeIntents.has(intent);
  return opens && authoredOn === undefined ? "when it was requested" : undefined;
}

function readOwner(resource: Resource): Actor | undefined {
  return readActor(resource, resource.json["owner"]) ?? readActor(resource, resource.json["requestedPerformer"]);
}

/** Everything that a Task names anywhere but in its focus and outputs. */
function readNames(resource: Resource): Ref[] {
  const { json } = resource;
  return readReferences(
    resource,
    json["basedOn"],
    json["reasonReference"],
    json["reason"],
    json["partOf"],
    ...listObjects(json["input"]).map(valueOfParameter),
  );
}

/** References, and texts or URLs that read as one. */
function valueOfParameter(parameter: JsonObject): unknown {
  const reference = parameter["valueReference"] ?? parameter["valueCodeableReference"];
  if (reference !== undefined) return reference;
  const text = textOf(parameter["valueUri"]) ?? textOf(parameter["valueUrl"]) ?? textOf(parameter["valueString"]);
  return text !== undefined && /^(?:https?:\/\/\S+\/)?[A-Z][A-Za-z]{2,}\/[A-Za-z0-9.-]{1,64}$/.test(text) ? text : undefined;
}
