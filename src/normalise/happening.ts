import type { HappeningFacts } from "../domain/happening-facts.ts";
import type { StatedTime } from "../domain/instant.ts";
import { isSaid, readConcept, readConcepts } from "./concept.ts";
import { asObject, dropUndefined } from "./loose-json.ts";
import { readMedication } from "./order.ts";
import { readReferences } from "./reference.ts";
import { firstTime } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readStatus, readVersion } from "./version.ts";

/** Records that say that something of a code happened at a time: a reader each for where they say it. */

/** Onset, else recorded; STU3 `assertedDate`. What was refuted, or entered in error, is none. */
export function readCondition(resource: Resource): Read<HappeningFacts> {
  const { json } = resource;
  const period = asObject(json["onsetPeriod"]);
  const verified = readConcept(json["verificationStatus"]).codings.map(({ code }) => code);
  const isVoid = verified.includes("entered-in-error") || verified.includes("refuted");
  const recorded = [json["recordedDate"], json["dateRecorded"], json["assertedDate"]];
  const facts = readHappening(resource, firstTime(resource, json["onsetDateTime"], period?.["start"], ...recorded));
  return { facts: isVoid ? { ...facts, voided: true } : facts, at: facts.at };
}

export function readImagingStudy(resource: Resource): Read<HappeningFacts> {
  const { json } = resource;
  const code = [...readConcepts(json["procedureCode"]), ...readConcepts(json["procedure"])].find(isSaid);
  const facts = readHappening(resource, firstTime(resource, json["started"]));
  return { facts: code ? { ...facts, code } : facts, at: facts.at };
}

export function readSpecimen(resource: Resource): Read<HappeningFacts> {
  const { json } = resource;
  const collection = asObject(json["collection"]);
  const period = asObject(collection?.["collectedPeriod"]);
  const facts = readHappening(resource, firstTime(resource, collection?.["collectedDateTime"], period?.["start"]));
  const code = readConcept(json["type"]);
  return { facts: { ...facts, code, basedOn: readReferences(resource, json["request"]) }, at: facts.at };
}

/** DocumentReference (its `docStatus`) and Composition, by what kind of document it is. */
export function readDocument(resource: Resource): Read<HappeningFacts> {
  const { json } = resource;
  const facts = readHappening(resource, firstTime(resource, json["date"], json["created"]));
  const status = resource.type === "DocumentReference" && json["docStatus"] !== undefined ? readStatus(json["docStatus"]) : facts.status;
  const voided = facts.voided ?? (status === "entered-in-error" ? (true as const) : undefined);
  return { facts: dropUndefined({ ...facts, status, code: readConcept(json["type"]), voided }), at: facts.at };
}

/** A dose that was given (`completed`) or left out (`not-done`; STU3 `notGiven`), of the order that it names. */
export function readAdministration(resource: Resource): Read<HappeningFacts> {
  const { json } = resource;
  const period = asObject(json["effectivePeriod"]) ?? asObject(json["occurencePeriod"]);
  const facts = readHappening(resource, firstTime(resource, json["effectiveDateTime"], json["occurenceDateTime"], period?.["start"]));
  const status = json["notGiven"] === true ? "not-done" : facts.status;
  const basedOn = readReferences(resource, json["request"], json["prescription"]);
  return { facts: { ...facts, status, code: readMedication(resource), basedOn }, at: facts.at };
}

function readHappening(resource: Resource, at: StatedTime | undefined): HappeningFacts {
  const { json } = resource;
  return dropUndefined({
    ...readVersion(resource),
    type: resource.type as HappeningFacts["type"],
    at,
    code: readConcept(json["code"]),
    basedOn: readReferences(resource, json["basedOn"]),
  });
}
