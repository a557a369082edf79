import type { Facts, Key, Ref } from "./facts.ts";

/** What finding the case of a record may look at. */
export interface CaseWorld {
  /** The newest version held that still says something; undefined where the record has not been read. */
  newest(name: Key): Facts | undefined;
  /** The record that a reference names. */
  resolve(ref: Ref): Key | undefined;
  /** The 64-bit key of a record: what "least-keyed" compares. */
  keyOf(name: Key): bigint;
}

const orderTypes: ReadonlySet<string> = new Set(["ServiceRequest", "MedicationRequest"]);
const caseTypes: ReadonlySet<string> = new Set([...orderTypes, "DiagnosticReport", "Task"]);

/** What a record rests on by its own word: a report and an order on what they are based on, a Task also on its focus. */
export function restsOn(facts: Facts | undefined): Ref[] {
  if (facts?.type === "Task") return [...(facts.focus ? [facts.focus] : []), ...facts.basedOn];
  const hasGrounds = facts?.type === "DiagnosticReport" || facts?.type === "ServiceRequest" || facts?.type === "MedicationRequest";
  return hasGrounds ? [...facts.basedOn] : [];
}

/** The records that a record rests on and that a case can hold. */
function groundsOf(world: CaseWorld, name: Key): Key[] {
  const names = restsOn(world.newest(name)).map((ref) => world.resolve(ref));
  return [...new Set(names)].filter((each) => each !== undefined && each !== name && caseTypes.has(typeOfName(each))) as Key[];
}

/**
 * Key of the case that a record belongs to: the least-keyed order that it rests on, followed to the end, so that a Task on
 * a report belongs with the report's order. Without any order, the record that it finally rests on, which may be itself.
 */
export function caseKeyOf(world: CaseWorld, record: Key): Key {
  const seen = new Set<Key>([record]);
  const ends: Key[] = [];
  // A set is visited to its end while it grows.
  for (const name of seen) {
    const grounds = groundsOf(world, name);
    if (grounds.length === 0) ends.push(name);
    for (const ground of grounds) seen.add(ground);
  }
  // Records that rest on one another in a ring have no end: any of them may be it.
  const candidates = ends.length > 0 ? ends : [...seen];
  const orders = candidates.filter((name) => orderTypes.has(typeOfName(name)));
  return least(world, orders.length > 0 ? orders : candidates) ?? record;
}

function least(world: CaseWorld, names: readonly Key[]): Key | undefined {
  let best: Key | undefined;
  for (const name of names) if (best === undefined || world.keyOf(name) < world.keyOf(best)) best = name;
  return best;
}

function typeOfName(name: Key): string {
  return /^([A-Z][A-Za-z]+)\/[^/#|]+$/.exec(name)?.[1] ?? "";
}
