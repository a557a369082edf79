import type { Concept, OrderFacts } from "../domain/facts.ts";
import type { Kind } from "../domain/verdict.ts";
import { readActor } from "./actor.ts";
import { isIn, isSaid, readConcept, readConcepts } from "./concept.ts";
import type { StatedTime } from "../domain/instant.ts";
import { hashContent } from "./content-hash.ts";
import { readDosages } from "./dosage.ts";
import { asObject, dropUndefined, listObjects, textOf } from "./loose-json.ts";
import { readPriority } from "./priority.ts";
import { readEitherReference, readReferences } from "./reference.ts";
import { findContained, timeOf } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { parseTime } from "./time.ts";
import { readStatus, readVersion } from "./version.ts";

/** Without its time nobody can say whether an order of a kind that is watched was still open when it fell due. */
const revokedStatuses = new Set(["revoked", "cancelled", "stopped"]);

/** Intents that open nothing and are no action (`signals.md`, First sight). */
export const tentativeIntents: ReadonlySet<string> = new Set(["proposal", "plan", "option"]);

/** ServiceRequest and MedicationRequest. */
export function readOrder(resource: Resource): Read<OrderFacts> {
  const { json } = resource;
  const version = readVersion(resource);
  const authoredOn = timeOf(resource, json["authoredOn"]);
  const intent = readStatus(json["intent"]);
  const facts: OrderFacts = dropUndefined({
    ...version,
    type: resource.type as OrderFacts["type"],
    intent,
    priority: readPriority(resource),
    authoredOn,
    code: resource.type === "MedicationRequest" ? readMedication(resource) : readConcept(json["code"]),
    kind: readKind(resource),
    requester: readActor(resource, json["requester"]),
    intended: readIntended(resource),
    doseHash: hashDose(json["dosageInstruction"]),
    dosages: resource.type === "MedicationRequest" ? readDosages(resource, authoredOn) : undefined,
    replaces: json["replaces"] === undefined ? undefined : readReferences(resource, json["replaces"]),
    basedOn: readReferences(resource, json["basedOn"]),
    names: readReferences(
      resource,
      json["basedOn"],
      json["reasonReference"],
      json["reason"],
      json["supportingInfo"],
      json["supportingInformation"],
    ),
  });
  const isUntimed = version.lastUpdated === undefined;
  const opens = version.status !== "draft" && version.voided === undefined && !tentativeIntents.has(intent);
  return {
    facts,
    at: authoredOn,
    untimed:
      isUntimed && revokedStatuses.has(version.status) && facts.kind !== undefined
        ? "when it was revoked"
        : isUntimed && opens && authoredOn === undefined
          ? "when it was placed"
          : undefined,
  };
}

/** Amount and times; where those are not coded, the words. */
function hashDose(instructions: unknown): string | undefined {
  const said = listObjects(instructions).map((each) => {
    const { doseAndRate, doseQuantity, doseRange, rateRatio, rateQuantity, timing, text } = each;
    const coded = { doseAndRate, doseQuantity, doseRange, rateRatio, rateQuantity, timing };
    return Object.values(coded).some((part) => part !== undefined) ? coded : { text };
  });
  return said.length === 0 ? undefined : hashContent(said).hash;
}

/** When it is meant to be done: a date or an instant, or the end of a period. */
function readIntended({ json, context }: Resource): StatedTime | undefined {
  const period = asObject(json["occurrencePeriod"]);
  return parseTime(json["occurrenceDateTime"] ?? period?.["end"], context.timeZone);
}

function readKind(resource: Resource): Kind | undefined {
  const { orders } = resource.context.mapping;
  const concepts = [...readConcepts(resource.json["category"]), readConcept(resource.json["code"])];
  if (isIn(orders.laboratory, concepts)) return "laboratory";
  if (isIn(orders.imaging, concepts)) return "imaging";
  return isIn(orders.referral, concepts) ? "referral" : undefined;
}

/** A medicine by its code; named by reference alone, two orders of it are still the same code. */
export function readMedication(resource: Resource): Concept {
  const { json } = resource;
  const coded = readConcept(json["medicationCodeableConcept"] ?? json["medication"]);
  if (isSaid(coded)) return coded;
  const reference = json["medicationReference"] ?? asObject(json["medication"])?.["reference"];
  const local = textOf(asObject(reference)?.["reference"]);
  const found = local?.startsWith("#") ? findContained(resource, local.slice(1)) : undefined;
  if (found !== undefined) return readConcept(found["code"]);
  const text = textOf(asObject(reference)?.["display"]);
  const key = readEitherReference(resource, reference)?.key;
  return dropUndefined({ codings: key === undefined ? [] : [{ code: key }], text });
}
