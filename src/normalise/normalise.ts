import type { Facts } from "../domain/facts.ts";
import { latestOf, type Instant } from "../domain/instant.ts";
import { holdsOddLetters, replaceOddLetters, trimKeys } from "./clean-json.ts";
import { hashContent } from "./content-hash.ts";
import { isUsedType, normaliseDeletion } from "./deletion.ts";
import { isDstu2 } from "./dstu2.ts";
import { readTold } from "./evidence.ts";
import { asObject, textOf, withOneMore } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import type { Normalised } from "./normalised.ts";
import { NestedTooDeep } from "./nested-too-deep.ts";
import { readers } from "./readers.ts";
import { refuse } from "./refusal.ts";
import { instantOf, listContained } from "./resource.ts";
import type { NormaliseContext, Read, Resource } from "./resource.ts";
import { parseTime } from "./time.ts";

export { normaliseDeletion } from "./deletion.ts";
export type { Normalised, Refused } from "./normalised.ts";
export type { NormaliseContext } from "./resource.ts";

/** Known by their content where they have no id. */
const knownByContent = new Set(["AuditEvent", "Provenance"]);

/** One resource version as facts, or the reason why not. Pure; never throws, whatever the value. */
export function normalise(value: unknown, context: NormaliseContext): Normalised {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuse("not-fhir", "It is no JSON object.", {}, context, {});
  try {
    return normaliseObject(value as JsonObject, context);
  } catch (error) {
    if (!(error instanceof NestedTooDeep)) throw error;
    const type = textOf((value as JsonObject)["resourceType"]) ?? "";
    return refuse("too-deep", `This ${type} is nested deeper than any FHIR resource.`, value as JsonObject, context, { type });
  }
}

function normaliseObject(value: JsonObject, context: NormaliseContext): Normalised {
  const type = typeof value["resourceType"] === "string" ? value["resourceType"].trim() : "";
  if (type === "") return refuse("not-fhir", "It has no resourceType.", value, context, {});
  if (!isUsedType(type)) return isDstu2(type, value) ? refuseDstu2(type, value, context) : { kind: "skipped", type };
  const content = hashContent(value, "meta");
  const isIllegible = content.hasOddLetters || holdsOddLetters(value["meta"]);
  const legible = isIllegible ? (replaceOddLetters(value) as JsonObject) : value;
  const json = content.hasOddKeys ? (trimKeys(legible) as JsonObject) : legible;
  const id = idOf(json["id"]) ?? (knownByContent.has(type) ? `sha256-${content.hash}` : undefined);
  if (id === undefined) return refuse("no-id", `This ${type} has no id.`, json, context, { type });
  const key = `${type}/${id}`;
  if (json["deleted"] === true) {
    const meta = asObject(json["meta"]);
    return normaliseDeletion(type, id, parseTime(meta?.["lastUpdated"], context.timeZone)?.at, textOf(meta?.["versionId"]));
  }
  if (isDstu2(type, json)) return refuseDstu2(type, json, context, key);
  const resource: Resource = { json, type, key, contentHash: content.hash, contained: listContained(json), context };
  const read = readers[type](resource);
  if (read.untimed !== undefined) {
    return refuse("no-time", `This ${type} does not say ${read.untimed}, and nothing else places it.`, json, context, { type, key });
  }
  const told = readTold(resource);
  return accept(resource, told === undefined ? read : { ...read, facts: { ...read.facts, ...told } });
}

function refuseDstu2(type: string, json: JsonObject, context: NormaliseContext, key?: string): Normalised {
  const reason = `This ${type} is in the form of FHIR DSTU2, which is not read: STU3, R4, R4B and R5 are.`;
  return refuse("dstu2", reason, json, context, key === undefined ? { type } : { type, key });
}

function idOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? textOf(value) : undefined;
}

function accept(resource: Resource, read: Read): Normalised {
  const { facts } = read;
  const times = listTimes(resource, facts);
  const eventAt = read.at?.at ?? facts.lastUpdated;
  let latestAt = latest(latestOf(times), latest(facts.recordedAt, eventAt));
  if (read.carried !== undefined) for (const time of read.carried) latestAt = latest(latestAt, time?.end);
  // What has a time by which it counts has a latest one.
  if (latestAt === undefined) return { kind: "facts", key: resource.key, facts, times };
  if (eventAt === undefined) return { kind: "facts", key: resource.key, facts, times, latestAt };
  return { kind: "facts", key: resource.key, facts, times, eventAt, latestAt };
}

function latest(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  return one === undefined || (other !== undefined && other > one) ? other : one;
}

const coveringMembers = ["recorded", "issued", "authoredOn", "sent"];

function listTimes(resource: Resource, facts: Facts): Instant[] {
  let times: Instant[] | undefined;
  for (const name of coveringMembers) {
    const at = instantOf(resource, resource.json[name]);
    if (at !== undefined) times = withOneMore(times, at);
  }
  if (facts.lastUpdated === undefined) return times ?? [];
  return withOneMore(times, facts.lastUpdated);
}
