import type { AuditEventFacts, DiagnosticReportFacts, Facts, Key, OfType, ProvenanceFacts, Ref } from "../domain/facts.ts";
import type { UrgencyRules } from "./urgency-rules.ts";

/**
 * What relating one record may look at: the versions held of it and of what it is linked with. Built from the
 * database for a batch of records, or from a list of facts in tests; the same facts give the same events.
 */
export interface World {
  readonly rules: UrgencyRules;
  /** Versions held, oldest first; empty where the record has not been read. */
  versions(key: Key): readonly Facts[];
  /** The record that a reference names, by any of its names; undefined where it names nothing. */
  resolve(ref: Ref | undefined): Key | undefined;
  /** Reports that name an Observation as a result, or a Binary as their presented form. */
  reportsOf(part: Key): readonly Key[];
  /** Every Patient record that is the same person, itself among them. */
  patientsOf(patient: Key): readonly Key[];
  /** AuditEvents and Provenances that name a Task or an order: who made which version. */
  evidenceOn(key: Key): readonly (AuditEventFacts | ProvenanceFacts)[];
}

/** The newest version that still says something: a deletion carries no attributes. */
export function newestVersion<T extends Facts["type"]>(world: World, key: Key, ...types: T[]): OfType<T> | undefined {
  const newest = world.versions(key).findLast((version) => !version.deleted);
  return newest && (types as string[]).includes(newest.type) ? (newest as OfType<T>) : undefined;
}

/** The newest version, where it is no deletion: what other records take from it. */
export function currentVersion<T extends Facts["type"]>(world: World, key: Key, ...types: T[]): OfType<T> | undefined {
  return world.versions(key).at(-1)?.deleted ? undefined : newestVersion(world, key, ...types);
}

/** Entered in error, or deleted, in its newest version held. */
export function isVoided(world: World, key: Key): boolean {
  return world.versions(key).at(-1)?.voided ?? false;
}

export function isRead(world: World, key: Key): boolean {
  return world.versions(key).length > 0;
}

export function resolveAll(world: World, refs: readonly (Ref | undefined)[]): Key[] {
  const keys: Key[] = [];
  for (const ref of refs) {
    const key = world.resolve(ref);
    if (key !== undefined) keys.push(key);
  }
  return distinct(keys);
}

/** Each once, where it comes first. Hardly a list is longer than one, and to make a set costs more than most that is done with it. */
export function distinct<T>(values: readonly T[]): T[] {
  return values.length < 2 ? [...values] : [...new Set(values)];
}

/**
 * The type that a canonical key names: `DiagnosticReport/x` → `DiagnosticReport`; empty where it is an identifier or another kind
 * of name: `/^([A-Z][A-Za-z]+)\/[^/#|]+$/`, by hand, for it is asked some twenty times a record.
 */
export function typeOf(key: Key): string {
  return key.slice(0, typeLength(key));
}

/** How many letters of a canonical key are its type; 0 where it names none. */
export function typeLength(key: Key): number {
  const slash = key.indexOf("/");
  if (slash < 2 || slash === key.length - 1) return 0;
  for (let at = 0; at < slash; at += 1) {
    const letter = key.charCodeAt(at);
    const isCapital = letter >= 65 && letter <= 90;
    if (!isCapital && (at === 0 || letter < 97 || letter > 122)) return 0;
  }
  for (let at = slash + 1; at < key.length; at += 1) {
    const letter = key.charCodeAt(at);
    if (letter === 47 || letter === 35 || letter === 124) return 0;
  }
  return slash;
}

/**
 * The reports among `refs`: named themselves, or by one of their Observations ("naming an Observation of the report names
 * the report"). Reports that have not been read are named too.
 */
export function reportsNamed(world: World, refs: readonly (Ref | undefined)[]): Key[] {
  const reports = resolveAll(world, refs).flatMap((key) => (typeOf(key) === "DiagnosticReport" ? [key] : world.reportsOf(key)));
  return distinct(reports);
}

/** Every version that still says something. */
export function livingVersions<T extends Facts["type"]>(world: World, key: Key, ...types: T[]): OfType<T>[] {
  return world.versions(key).filter((version) => !version.deleted && (types as string[]).includes(version.type)) as OfType<T>[];
}

/**
 * A report is a result if a category says so; else if it names an Observation of the laboratory, of imaging or of a
 * procedure, or one whose category is not known; else if it names none and is no note (`signals.md`, What is a result).
 * Undefined where it has not been read.
 */
export function isResult(world: World, key: Key): boolean | undefined {
  const versions: DiagnosticReportFacts[] = livingVersions(world, key, "DiagnosticReport");
  const newest = versions.at(-1);
  if (!newest) return undefined;
  if (newest.nature === "result" || versions.some((version) => version.namelessResults)) return true;
  // What any version named counts: a list that an amendment leaves out was still a result.
  const named = versions.flatMap((version) => version.results.map((ref) => ({ ref, contained: version.contained[ref.key] })));
  if (named.length === 0) return newest.nature !== "note";
  return named.some(({ ref, contained }) => {
    const categories = contained?.categories ?? observationCategories(world, ref);
    return categories.length === 0 || categories.some((category) => ["laboratory", "imaging", "procedure"].includes(category));
  });
}

function observationCategories(world: World, ref: Ref): readonly string[] {
  const key = world.resolve(ref);
  return (key === undefined ? undefined : newestVersion(world, key, "Observation")?.categories) ?? [];
}
