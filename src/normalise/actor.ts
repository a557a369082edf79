import { professionalSystems } from "../domain/joining-systems.ts";
import type { Actor, ActorKind, Ref } from "../domain/facts.ts";
import { asObject, textOf } from "./loose-json.ts";
import { readEitherReference, typeOfReference } from "./reference.ts";
import type { Resource } from "./resource.ts";

const kindsOfType = new Map<string, ActorKind>([
  ["Practitioner", "human"],
  ["PractitionerRole", "human"],
  ["Person", "human"],
  ["Patient", "patient"],
  ["RelatedPerson", "patient"],
  ["Organization", "team"],
  ["CareTeam", "team"],
  ["HealthcareService", "team"],
  ["Device", "machine"],
  ["DeviceDefinition", "machine"],
  ["DeviceMetric", "machine"],
]);

/** What the resource type of a reference says of who acts; undefined where it says nothing. */
export function kindByType(resource: Resource, reference: unknown): ActorKind | undefined {
  const type = typeOfReference(resource, reference);
  return type === undefined ? undefined : kindsOfType.get(type);
}

/** Does any of these names stand in the configuration's list of machines? */
export function isMachineName(resource: Resource, ...names: readonly (string | undefined)[]): boolean {
  const { machineNames } = resource.context;
  if (machineNames.length === 0) return false;
  return machineNames.some((machine) => names.some((name) => name !== undefined && name.toLowerCase() === machine.trim().toLowerCase()));
}

/** An owner, requester, sender or performer, from a reference, R5's CodeableReference or STU3's `{ agent }`. */
export function readActor(resource: Resource, value: unknown): Actor | undefined {
  let reference = asObject(value);
  if (reference === undefined) return undefined;
  reference = asObject(reference["agent"]) ?? asObject(reference["actor"]) ?? reference;
  const nested = reference["reference"];
  if (typeof nested === "object") reference = asObject(nested) ?? reference;
  const ref = readEitherReference(resource, reference);
  const identifier = asObject(reference["identifier"]);
  const display = textOf(reference["display"]);
  const value_ = textOf(identifier?.["value"]);
  if (ref === undefined && display === undefined && value_ === undefined) return undefined;
  const kind = isMachineName(resource, display, value_, ref?.key)
    ? "machine"
    : (kindByType(resource, reference) ?? kindByIdentifier(resource, ref) ?? "human");
  return actorOf(kind, ref);
}

export function kindByIdentifier(resource: Resource, ref: Ref | undefined): ActorKind | undefined {
  const { teamIdentifierSystems } = resource.context.mapping;
  for (const key of [ref?.key, ref?.also]) {
    const system = key?.slice(0, Math.max(0, key.lastIndexOf("|"))) ?? "";
    if (teamIdentifierSystems.has(system)) return "team";
    if (professionalSystems.includes(system)) return "human";
  }
  return undefined;
}

export function actorOf(kind: ActorKind, ref: Ref | undefined): Actor {
  return ref === undefined ? { kind } : { kind, ref };
}
