import type { Concept, DiagnosticReportFacts, Key, Ref } from "../domain/facts.ts";
import type { ObservationContent } from "../domain/observation.ts";
import { isIn, isSaid, readConcept, readConcepts } from "./concept.ts";
import { hashContent } from "./content-hash.ts";
import { asList, joinDefined, listObjects, textOf } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import { readContent, readEffective } from "./observation.ts";
import { countNameless, readReferences, readReferenceText } from "./reference.ts";
import { timeOf } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readVersionParts } from "./version.ts";

const issuing = new Set(["partial", "preliminary", "final", "amended", "corrected", "appended"]);

/** R4, R4B and R5; STU3 (`performer.actor`, `codedDiagnosis`, one category). */
export function readDiagnosticReport(resource: Resource): Read<DiagnosticReportFacts> {
  const { json } = resource;
  const { mapping } = resource.context;
  const categories = readConcepts(json["category"]);
  const issued = timeOf(resource, json["issued"]);
  const effective = readEffective(resource, json);
  const results = asList(json["result"]);
  const nameless = countNameless(resource, results);
  // A result that names nothing is an Observation that nobody can read.
  const facts: DiagnosticReportFacts = joinDefined(readVersionParts(resource), {
    type: "DiagnosticReport" as const,
    issued,
    effective,
    code: readConcept(json["code"]),
    nature: readNature(resource, categories),
    kind: readKind(resource, categories),
    results: readReferences(resource, ...results),
    namelessResults: nameless > 0 ? nameless : undefined,
    contained: readContainedObservations(resource),
    performers: readReferences(resource, ...readPerformers(json), json["resultsInterpreter"]),
    basedOn: readReferences(resource, json["basedOn"]),
    forms: readForms(resource),
    conclusionCritical: isIn(mapping.criticalConclusions, readConcepts(json["conclusionCode"] ?? json["codedDiagnosis"])),
    conclusions: json["conclusionCode"] === undefined ? undefined : readConcepts(json["conclusionCode"]),
    specimens: json["specimen"] === undefined ? undefined : readReferences(resource, json["specimen"]),
    newsHash: hashNews(json),
  });
  return { facts, at: issued, carried: [effective], untimed: findUntimed(facts) };
}

function findUntimed({ nature, results, status, issued, lastUpdated }: DiagnosticReportFacts): string | undefined {
  // A note that names Observations may be a result by them.
  if ((nature === "note" && results.length === 0) || lastUpdated !== undefined) return undefined;
  if (issuing.has(status) && issued === undefined) return "when it was issued";
  return status === "cancelled" ? "when it was withdrawn" : undefined;
}

/** What its categories say; without a result category, whether it says that it is a note. */
function readNature(resource: Resource, concepts: readonly Concept[]): DiagnosticReportFacts["nature"] {
  const { laboratory, imaging, other, notes } = resource.context.mapping.reports;
  const categories = concepts.filter(isSaid);
  if (isIn(laboratory, categories) || isIn(imaging, categories) || isIn(other, categories)) return "result";
  return isIn(notes, [...categories, readConcept(resource.json["code"])]) ? "note" : "unsaid";
}

function readKind(resource: Resource, categories: readonly Concept[]): DiagnosticReportFacts["kind"] {
  const { laboratory, imaging } = resource.context.mapping.reports;
  if (isIn(imaging, categories)) return "imaging";
  return isIn(laboratory, categories) ? "laboratory" : undefined;
}

function readPerformers(json: JsonObject): unknown[] {
  return listObjects(json["performer"]).map((performer) => performer["actor"] ?? performer);
}

/** Every contained Observation, by the key under which `results` or another's members name it. */
function readContainedObservations(resource: Resource): Readonly<Record<Key, ObservationContent>> {
  const contained: Record<Key, ObservationContent> = {};
  for (const each of resource.contained) {
    const id = textOf(each["id"])?.replace(/^#/, "");
    if (id !== undefined && textOf(each["resourceType"]) === "Observation")
      contained[`${resource.key}#${id}`] = readContent(resource, each);
  }
  return contained;
}

function readForms(resource: Resource): Ref[] {
  const urls = listObjects(resource.json["presentedForm"]).map((form) => textOf(form["url"]));
  return urls.map((url) => (url === undefined ? undefined : readReferenceText(resource, url))).filter((ref) => ref !== undefined);
}

/** A version is news only if one of these differs from the version before. */
function hashNews(json: JsonObject): string {
  const { status, issued, result, conclusion, conclusionCode, codedDiagnosis, presentedForm } = json;
  return hashContent({ status, issued, result, conclusion, conclusionCode: conclusionCode ?? codedDiagnosis, presentedForm }).hash;
}
