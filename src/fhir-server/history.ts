import type { Hospital } from "./hospital.ts";
import { Refusal } from "./operation-outcome.ts";
import { pageSizeFor, readCount, type PageSizes } from "./parse-search.ts";
import { readTime } from "./time-range.ts";
import type { Version } from "./version.ts";
import { describeWithheld, findWithheld, type Withheld } from "./withheld.ts";

export interface HistoryRequest {
  readonly type: string;
  /** Absent: of every record of the type. */
  readonly id?: string;
  readonly since: number;
  readonly pageSize: number;
}

/** @throws Refusal */
export function parseHistory(type: string, id: string | undefined, params: URLSearchParams, sizes: PageSizes): HistoryRequest {
  const since = params.get("_since");
  const start = since === null ? -Infinity : readTime(since)?.start;
  if (start === undefined || [...params.keys()].some((name) => name !== "_since" && name !== "_count")) {
    throw new Refusal(400, "not-supported", "A history can be asked for with _since (a FHIR instant) and _count.");
  }
  return { type, ...(id === undefined ? {} : { id }), since: start, pageSize: pageSizeFor(readCount(params), sizes) };
}

/**
 * Newest first, what is deleted included.
 * @throws Refusal where the record is not known; and where the history of a type reaches into what is withheld
 */
export function findHistory(hospital: Hospital, withheld: Withheld, { type, id, since }: HistoryRequest): readonly Version[] {
  if (id === undefined) {
    const range = findWithheld(withheld, type, { start: since, end: Infinity });
    if (range !== undefined) throw new Refusal(500, "exception", describeWithheld(type, range));
  }
  const versions = id === undefined ? hospital.history(type) : hospital.versions(type, id);
  if (id !== undefined && versions.length === 0) throw new Refusal(404, "not-found", `There is no such ${type} here.`);
  return versions.filter((version) => version.lastUpdated >= since);
}
