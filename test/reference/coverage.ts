import type { Instant, Interval } from "../../src/domain/instant.ts";
import { canonical, isObject, objectOf, textOf, type Json } from "./json.ts";
import { readReference, referencesWithin } from "./references.ts";
import { firstTime, hour } from "./times.ts";
import { keyOf, type History } from "./versions.ts";
import { keyOfName, patientNamed, patientOf, type World } from "./world.ts";

/** What is uncovered of a loop's time: nothing, an end that the feeds have not got to yet, or a gap. */
export type Uncovered = "nothing" | "awaited" | "gap";

export interface Feeds {
  readonly declared: Readonly<Record<string, readonly Interval[]>>;
  /** Silent and unreadable hours by type. */
  readonly holes: ReadonlyMap<string, readonly Interval[]>;
  readonly quarantined: readonly Json[];
}

function joinIntervals(intervals: readonly Interval[]): Interval[] {
  const joined: Interval[] = [];
  for (const each of [...intervals].filter((one) => one.from < one.to).sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    // "Within a feed touching intervals join."
    if (last !== undefined && each.from <= last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, each.to) };
    else joined.push(each);
  }
  return joined;
}

function uncoveredParts(covered: readonly Interval[], from: Instant, to: Instant): Interval[] {
  const parts: Interval[] = [];
  let start = from;
  for (const each of covered) {
    if (each.to <= start || each.from >= to) continue;
    if (each.from > start) parts.push({ from: start, to: each.from });
    start = Math.max(start, each.to);
  }
  if (start < to) parts.push({ from: start, to });
  return parts;
}

/** "Over several feeds each must cover", as far as the site has them. */
export function uncoveredOf(world: World, feeds: Feeds, types: readonly string[], subject: History, o: Instant, due: Instant): Uncovered {
  if (due <= o) return "nothing";
  const all = types.filter((type) => world.has(type)).map((type) => uncoveredOfFeed(world, feeds, type, subject, o, due));
  return all.includes("gap") ? "gap" : all.includes("awaited") ? "awaited" : "nothing";
}

function uncoveredOfFeed(world: World, feeds: Feeds, type: string, subject: History, o: Instant, due: Instant): Uncovered {
  if (feeds.quarantined.some((each) => textOf(each["resourceType"]) === type && concerns(world, each, subject))) return "gap";
  const covered = joinIntervals(feeds.declared[type] ?? []);
  const holes = (feeds.holes.get(type) ?? []).filter((each) => each.from < due && each.to > o);
  // A hole in what the feed has not got to yet takes nothing away.
  if (holes.some((hole) => covered.some((each) => Math.max(each.from, hole.from, o) < Math.min(each.to, hole.to, due)))) return "gap";
  const parts = uncoveredParts(covered, o, due);
  const [only] = parts;
  if (only === undefined) return "nothing";
  // "Its end (or all of it) because the feeds have not got there yet, nothing later being covered."
  const isEnd = parts.length === 1 && only.to === due && covered.every((each) => each.to <= only.from);
  return isEnd ? "awaited" : "gap";
}

/** "A quarantined resource, for every loop of the report, order or Task that it names, else of the patient that it names." */
function concerns(world: World, quarantined: Json, subject: History): boolean {
  const names = referencesWithin(quarantined);
  const own = keyOf(quarantined);
  const keys = [own, ...names.map((name) => keyOfName(world, name))].filter((key) => key !== undefined);
  const records = keys.filter((key) => /^(DiagnosticReport|ServiceRequest|MedicationRequest|Task)\//.test(key));
  if (records.length > 0) return records.includes(subject.key);
  const patient = patientOf(world, subject);
  const patients = objectsNaming(quarantined).map((value) => patientNamed(world, value, quarantined));
  return patient !== undefined && patients.includes(patient);
}

function objectsNaming(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(objectsNaming);
  if (!isObject(value)) return [];
  const mine = readReference(value).key === undefined ? [] : [value];
  return [...mine, ...Object.values(value).flatMap(objectsNaming)];
}

/** Hours that say that a feed was not heard or not understood. */
export function holesOf(world: World, declared: Feeds["declared"], quarantined: readonly Json[]): Map<string, Interval[]> {
  const holes = new Map<string, Interval[]>();
  const stored = new Map<string, Map<Instant, number>>();
  for (const history of world.histories.values()) for (const { body } of history.versions) count(stored, body, world);
  const unread = new Map<string, Map<Instant, number>>();
  for (const body of new Map(quarantined.map((each) => [canonical(each), each])).values()) count(unread, body, world);
  for (const type of new Set([...stored.keys(), ...unread.keys()])) {
    const [heard, lost] = [stored.get(type) ?? new Map<Instant, number>(), unread.get(type) ?? new Map<Instant, number>()];
    holes.set(type, [...silentHours(world, joinIntervals(declared[type] ?? []), heard, lost), ...unreadableHours(heard, lost)]);
  }
  return holes;
}

function count(into: Map<string, Map<Instant, number>>, body: Json, world: World): void {
  const type = textOf(body["resourceType"]) ?? "";
  const when = firstTime(
    world.zone,
    body["recorded"],
    body["issued"],
    body["authoredOn"],
    body["sent"],
    objectOf(body["meta"])["lastUpdated"],
  );
  if (when === undefined || when.at > world.now) return;
  const hours = into.get(type) ?? new Map<Instant, number>();
  const start = Math.floor(when.at / hour) * hour;
  into.set(type, hours.set(start, (hours.get(start) ?? 0) + 1));
}

/** "An hour without a single event in a feed whose same hour of the week held at least 20 in each of the four weeks before." */
function silentHours(
  world: World,
  covered: readonly Interval[],
  heard: ReadonlyMap<Instant, number>,
  lost: ReadonlyMap<Instant, number>,
): Interval[] {
  const week = 7 * 24 * hour;
  return [...heard.keys()]
    .map((busy) => busy + week)
    .filter((start) => {
      const isEmpty = !heard.has(start) && !lost.has(start);
      const wasBusy = [1, 2, 3, 4].every((weeks) => (heard.get(start - weeks * week) ?? 0) >= 20);
      // An hour that is not over, or was not read whole, is not known to be silent.
      const isWhole = start + hour <= world.now && covered.some((each) => each.from <= start && start + hour <= each.to);
      return isEmpty && wasBusy && isWhole;
    })
    .map((start) => ({ from: start, to: start + hour }));
}

/** "An hour in which more than 1 % (and at least 5) of a feed's resources could not be understood." */
function unreadableHours(heard: ReadonlyMap<Instant, number>, lost: ReadonlyMap<Instant, number>): Interval[] {
  return [...lost]
    .filter(([start, bad]) => bad >= 5 && bad > 0.01 * (bad + (heard.get(start) ?? 0)))
    .map(([start]) => ({ from: start, to: start + hour }));
}
