import type { AuditEventFacts, Facts, Key, Ref } from "../domain/facts.ts";
import { nameOf } from "../domain/key.ts";
import { refsOf } from "./refs-of.ts";
import { typeLength, typeOf } from "./world.ts";

/**
 * Why a record must be related again when another changes. In every role the source depends on the target; `who` works
 * both ways: an AuditEvent or Provenance tells who made a version of its target.
 */
export type LinkRole = "about" | "part" | "member" | "encounter" | "who";

export interface Link {
  readonly target: Key;
  readonly role: LinkRole;
}

const partTypes = ["Observation", "Binary", "DocumentReference"];
const madeBySomebody = ["Task", "ServiceRequest", "MedicationRequest"];
const linked = ["DiagnosticReport", "Observation", "Binary", "DocumentReference", "Composition", ...madeBySomebody];

const audited = ["DiagnosticReport", "Composition", ...partTypes];
const none: readonly Ref[] = [];

/** Asked several times while a version is stored and related: each is read once. */
const read = new WeakMap<Facts, readonly Link[]>();

/** The links of one version: what it names, and those among its actors whom only a record can tell apart. */
export function linksOf(facts: Facts): readonly Link[] {
  if (facts.type === "AuditEvent") return linksOfAudit(facts);
  let found = read.get(facts);
  if (found === undefined) read.set(facts, (found = [...linksNamed(facts), ...links("about", actorsOf(facts), [])]));
  return found;
}

/** Most of what is read: to read them anew costs less than to remember them. */
function linksOfAudit({ entities, unsure = none, actor, deleted, operation }: AuditEventFacts): Link[] {
  const found: Link[] = [];
  if (deleted) return found;
  // To look at a Task or an order made no version of it, unless it is named with a version: that one it may be.
  const tellsWho = operation !== "read" || entities.some(({ version }) => version !== undefined);
  for (const ref of entities) {
    const target = nameOf(ref);
    const type = typeOf(target);
    if (type === "" || audited.includes(type)) found.push({ target, role: "about" });
    if (tellsWho && (type === "" || madeBySomebody.includes(type))) found.push({ target, role: "who" });
  }
  for (const ref of actor.ref === undefined ? unsure : [...unsure, actor.ref]) {
    const target = nameOf(ref);
    if (!isRecordName(target)) found.push({ target, role: "about" });
  }
  return found;
}

/** Who acts by it. An actor named as a record is what that record is by its type. */
function actorsOf(facts: Facts): Ref[] {
  const actors = [
    "actor" in facts ? facts.actor : undefined,
    "owner" in facts ? facts.owner : undefined,
    "requester" in facts ? facts.requester : undefined,
    "author" in facts ? facts.author : undefined,
  ];
  return actors.map((actor) => actor?.ref).filter((ref) => ref !== undefined);
}

/** Patients and people are not among them: they would link everything with everything. */
function linksNamed(facts: Exclude<Facts, AuditEventFacts>): Link[] {
  switch (facts.type) {
    case "DiagnosticReport":
      return [
        ...links("part", [...facts.results, ...facts.forms, ...Object.values(facts.contained).flatMap((each) => each.members)], partTypes),
        ...links("about", facts.basedOn, linked),
        ...links("about", facts.specimens ?? [], ["Specimen"]),
        ...encounter(facts.encounter),
      ];
    case "Observation":
      return links("member", facts.members, ["Observation"]);
    case "ServiceRequest":
    case "MedicationRequest":
      return [...links("about", [...facts.names, ...facts.basedOn], linked), ...encounter(facts.encounter)];
    case "Task":
      return [...links("about", [facts.focus, ...facts.basedOn, ...facts.names, ...facts.outputs], linked), ...encounter(facts.encounter)];
    case "Provenance":
      return [
        ...(facts.attests || facts.says ? links("about", facts.targets, ["DiagnosticReport"]) : []),
        ...links("who", facts.targets, madeBySomebody),
      ];
    case "Communication":
    case "Appointment":
    case "Procedure":
    case "CarePlan":
      return links("about", [...facts.names, ...facts.basedOn], linked);
    case "Condition":
    case "ImagingStudy":
    case "Specimen":
    case "DocumentReference":
    case "Composition":
    case "MedicationAdministration":
      return [...links("about", facts.basedOn, linked), ...encounter(facts.encounter)];
    case "Encounter":
    case "Patient":
    case "Practitioner":
    case "PractitionerRole":
    case "Person":
    case "RelatedPerson":
    case "Organization":
    case "CareTeam":
    case "HealthcareService":
      return [];
  }
}

/** An identifier alone may name a record of any type: it is always a link. */
function links(role: LinkRole, refs: readonly (Ref | undefined)[], types: readonly string[]): Link[] {
  const found: Link[] = [];
  for (const ref of refs) {
    if (ref === undefined) continue;
    const target = nameOf(ref);
    const type = typeOf(target);
    if (type === "" || types.includes(type)) found.push({ target, role });
  }
  return found;
}

function encounter(ref: Ref | undefined): Link[] {
  return links("encounter", [ref], ["Encounter"]);
}

/** `Type/id`, and not an identifier or another kind of name. */
export function isRecordName(name: Key): boolean {
  return typeLength(name) > 0;
}

/** Every reference of a version that gives an identifier beside a record's name: two names of one thing. */
export function aliasesSaid(facts: Facts): { readonly alias: Key; readonly name: Key }[] {
  const found: { alias: Key; name: Key }[] = [];
  for (const { key, also } of refsOf(facts)) if (also !== undefined && isRecordName(key)) found.push({ alias: also, name: key });
  return found;
}
