import { planArrival, recordedAt } from "./arrival.ts";
import { feeds, type Coverage } from "./coverage.ts";
import { rollDice, type Dice } from "./dice.ts";
import { reorderKeys, writeFiles, type Files } from "./files.ts";
import type { Hospital } from "./hospital.ts";
import { clipIntervals, cutOut, joinIntervals, readIntervals, writeIntervals } from "./intervals.ts";
import { HOUR } from "./moments.ts";
import type { Json } from "./ward.ts";

/** One folder worth of files: name → content, and what its `coverage.json` says. */
export interface Delivery {
  files: Files;
  coverage: Coverage;
}

/**
 * The same resources, split, shuffled and repeated; the union of resources and coverage is always the hospital's. Every
 * delivery names every covered type (if only with an empty list), and a type that is held but not named travels whole:
 * otherwise a folder's assumed coverage would hang on the split.
 */
export function deliver(
  hospital: Hospital,
  seed: number,
  options: { parts?: number; duplicate?: boolean; shuffle?: boolean } = {},
): Delivery[] {
  const { parts = 3, duplicate = true, shuffle = true } = options;
  const dice = rollDice(hospital.seed, seed, 1);
  const places = hospital.resources.map((resource, index) => ({
    resource,
    part: shuffle ? dice.int(0, parts - 1) : Math.floor((index * parts) / hospital.resources.length),
  }));
  const whole = dice.int(0, parts - 1);
  const held = splitByPart(hospital, parts, places, whole);
  // Assumed coverage ends at the latest time in the folder: it must be in the one with the types that nobody names.
  if (parts > 1) held[whole]?.push(...latestOf(hospital));
  if (duplicate) repeat(hospital, held, dice);
  const coverage = splitCoverage(hospital.coverage, parts, dice);
  return held.map((resources, part) => ({
    files: writeFiles(shuffle ? dice.shuffle(resources) : resources, dice),
    coverage: coverage[part] ?? {},
  }));
}

/**
 * Deliveries in order of time: the k-th carries what was recorded up to `nows[k]` and not delivered before, less what
 * is late; the last one carries the rest. Some tell only what is new in coverage, some all of it so far.
 */
export function deliverByTime(hospital: Hospital, seed: number): Delivery[] {
  const dice = rollDice(hospital.seed, seed, 2);
  const nows = hospital.nows.map((now) => Date.parse(now));
  const end = nows.length - 1;
  const { late, withheld } = planArrival(hospital);
  const places = hospital.resources.map((resource, index) => {
    const due = nows.findIndex((now) => recordedAt(resource, nows[0] ?? 0) <= now);
    const part = due < 0 ? end : due;
    return { resource, part: late.includes(index) && part < end ? dice.int(part + 1, end) : part };
  });
  const held = splitByPart(hospital, nows.length, places, dice.chance(0.7) ? end : dice.int(0, end));
  const filledAt = withheld.map((gap) => dice.int(Math.min(end, nows.findIndex((now) => gap.to <= now) + 1), end));
  const cumulative = dice.chance(0.5);
  // A source's coverage may lag behind the scan, by less or more than `blindAfter`.
  const lag = dice.pick([0, 0, 1, HOUR, 7 * HOUR]);
  return nows.map((now, part) => {
    const coverage = Object.entries(hospital.coverage).map(([type, texts]): [string, [string, string][]] => {
      const filled = withheld.some((gap, index) => gap.type === type && filledAt[index] === part);
      const from = cumulative || filled || part === end ? -8.64e15 : (nows[part - 1] ?? -8.64e15) - lag;
      let known = clipIntervals(readIntervals(texts), from, part === end ? 8.64e15 : now - lag);
      withheld.forEach((gap, index) => {
        if (gap.type === type && part < (filledAt[index] ?? end)) known = cutOut(known, gap);
      });
      return [type, writeIntervals(joinIntervals(known))];
    });
    return { files: writeFiles(dice.shuffle(held[part] ?? []), dice), coverage: Object.fromEntries(coverage) };
  });
}

interface Placed {
  readonly resource: Json;
  readonly part: number;
}

function splitByPart(hospital: Hospital, parts: number, places: readonly Placed[], whole: number): Json[][] {
  const held: Json[][] = Array.from({ length: parts }, () => []);
  for (const { resource, part } of places) held[mayBeSplit(hospital, resource) ? part : whole]?.push(resource);
  return held;
}

/** Enough of the latest that one of them is usable. */
function latestOf(hospital: Hospital): Json[] {
  const isNamedByAll = hospital.resources.filter((resource) => mayBeSplit(hospital, resource) && resource["deleted"] !== true);
  return isNamedByAll.toSorted((a, b) => latestTime(b) - latestTime(a)).slice(0, 8);
}

function latestTime(resource: Json): number {
  const meta = resource["meta"] as Json | undefined;
  const texts = [resource["recorded"], resource["issued"], resource["authoredOn"], resource["sent"], meta?.["lastUpdated"]];
  return Math.max(-Infinity, ...texts.map((text) => Date.parse(String(text))).filter((at) => !Number.isNaN(at)));
}

/** Types that no loop rests on (staff, claims) may be split as they come: their coverage decides nothing. */
function mayBeSplit(hospital: Hospital, resource: Json): boolean {
  const type = String(resource["resourceType"]);
  return type in hospital.coverage || !(feeds as readonly string[]).includes(type);
}

function repeat(hospital: Hospital, held: Json[][], dice: Dice): void {
  const copies = held.flatMap((resources, part) => resources.filter(() => dice.chance(0.2)).map((resource) => ({ resource, part })));
  for (const { resource, part } of copies) {
    held[mayBeSplit(hospital, resource) ? dice.int(0, held.length - 1) : part]?.push(
      resource["deleted"] === true ? resource : reorderKeys(resource, dice),
    );
  }
}

/** Each interval is cut at chance instants; every piece goes to one part, or to two. */
function splitCoverage(coverage: Coverage, parts: number, dice: Dice): Coverage[] {
  const split: Coverage[] = Array.from({ length: parts }, () => Object.fromEntries(Object.keys(coverage).map((type) => [type, []])));
  for (const [type, texts] of Object.entries(coverage)) {
    for (const { from, to } of readIntervals(texts)) {
      const cuts = Array.from({ length: dice.int(0, 2) }, () => from + Math.floor(((to - from) * dice.int(1, 99)) / 100)).sort(
        (left, right) => left - right,
      );
      const edges = [from, ...cuts, to];
      edges.slice(1).forEach((until, place) => {
        const piece = writeIntervals([{ from: edges[place] ?? from, to: until }]);
        for (const part of new Set([dice.int(0, parts - 1), ...(dice.chance(0.2) ? [dice.int(0, parts - 1)] : [])]))
          if ((edges[place] ?? from) < until) split[part]?.[type]?.push(...piece);
      });
    }
  }
  return split;
}
