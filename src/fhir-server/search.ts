import type { Hospital } from "./hospital.ts";
import { Refusal } from "./operation-outcome.ts";
import type { Search, TimeBound } from "./parse-search.ts";
import type { TimeRange } from "./time-range.ts";
import type { Version } from "./version.ts";
import { describeWithheld, findWithheld, type Withheld } from "./withheld.ts";

/** The newest versions that keep every bound, in the order asked for; what is equal in it by id. */
export function findMatches(hospital: Hospital, search: Search): readonly Version[] {
  const matches = hospital.current(search.type).filter((version) => isMatch(version, search));
  const { param, descending } = search.sort;
  // Already in that order.
  if (param === "_lastUpdated" && !descending) return matches;
  const direction = descending ? -1 : 1;
  return matches.sort((a, b) => {
    const [first, second] = [timeOf(a, param)?.start, timeOf(b, param)?.start];
    if (first === second) return a.id < b.id ? -1 : 1;
    // Those without that time come last, whichever the direction.
    if (first === undefined) return 1;
    return second === undefined ? -1 : (first - second) * direction;
  });
}

/**
 * @throws Refusal where the window that the search is cut by touches what is withheld: a client then has a gap just
 * there. A search by id names what it wants, and finds it missing. A window of another time than `lastUpdated` may be
 * clear of what is withheld and yet have lost something to it: that too is refused, for nothing may be lost in silence.
 */
export function refuseWithheld(withheld: Withheld, hidden: Hospital, search: Search): void {
  if (search.bounds.length === 0 && search.ids !== undefined) return;
  // Where the search is bound by it, `_lastUpdated` comes first, and nothing else matters.
  const param = search.bounds[0]?.param ?? "_lastUpdated";
  const window = windowOf(search.bounds.filter((bound) => bound.param === param));
  const lost = param === "_lastUpdated" ? undefined : hidden.history(search.type).find((version) => isMatch(version, search));
  const range = findWithheld(withheld, search.type, window) ?? (lost && findWithheld(withheld, search.type, momentOf(lost.lastUpdated)));
  if (range !== undefined) throw new Refusal(500, "exception", describeWithheld(search.type, range));
}

function isMatch(version: Version, { ids, bounds }: Search): boolean {
  return (ids?.has(version.id) ?? true) && bounds.every((bound) => keeps(timeOf(version, bound.param), bound));
}

function timeOf(version: Version, param: string): TimeRange | undefined {
  return param === "_lastUpdated" ? momentOf(version.lastUpdated) : version.times.get(param);
}

function momentOf(at: number): TimeRange {
  return { start: at, end: at + 1 };
}

/** As FHIR R4 defines the prefixes on ranges (search, 3.1.1.4.3); for moments `ge` and `lt`, `le` and `gt` part exactly. */
function keeps(time: TimeRange | undefined, { prefix, range }: TimeBound): boolean {
  if (time === undefined) return false;
  const isWithin = range.start <= time.start && time.end <= range.end;
  switch (prefix) {
    case "eq":
      return isWithin;
    case "ge":
      return isWithin || time.end > range.end;
    case "gt":
      return time.end > range.end;
    case "le":
      return isWithin || time.start < range.start;
    case "lt":
      return time.start < range.start;
  }
}

function windowOf(bounds: readonly TimeBound[]): TimeRange {
  const starts = bounds.map(({ prefix, range }) => (prefix === "gt" ? range.end : prefix.startsWith("l") ? -Infinity : range.start));
  const ends = bounds.map(({ prefix, range }) => (prefix === "lt" ? range.start : prefix.startsWith("g") ? Infinity : range.end));
  return { start: Math.max(-Infinity, ...starts), end: Math.min(Infinity, ...ends) };
}
