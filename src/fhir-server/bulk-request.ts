import { Refusal } from "./operation-outcome.ts";
import { readTime } from "./time-range.ts";

/** What is to be exported. */
export interface BulkRequest {
  /** Absent: everything; `all`: what is about patients; else what is about those of this Group. */
  readonly patientsOf: string | undefined;
  readonly types: readonly string[];
  /** -Infinity: everything. */
  readonly since: number;
}

const formats = ["application/fhir+ndjson", "application/ndjson", "ndjson"];
const params = ["_outputFormat", "_since", "_type"];

/** @throws Refusal naming what is not understood, and what would be */
export function parseBulkRequest(
  patientsOf: string | undefined,
  asked: URLSearchParams,
  prefer: string | undefined,
  offered: readonly string[],
): BulkRequest {
  if (!/\brespond-async\b/.test(prefer ?? "")) throw new Refusal(400, "invalid", "An export needs the header Prefer: respond-async.");
  const format = asked.get("_outputFormat") ?? "ndjson";
  const since = asked.get("_since");
  const start = since === null ? -Infinity : readTime(since)?.start;
  if (!formats.includes(format) || start === undefined || [...asked.keys()].some((name) => !params.includes(name))) {
    throw new Refusal(400, "not-supported", "An export can be asked for with _type, _since (a FHIR instant) and _outputFormat (NDJSON).");
  }
  const types = asked.getAll("_type").flatMap((list) => list.split(","));
  const unknown = types.some((type) => !offered.includes(type));
  if (unknown && !/\bhandling=lenient\b/.test(prefer ?? "")) {
    throw new Refusal(400, "invalid", `Types exported here: ${offered.join(", ")}.`);
  }
  return { patientsOf, types: types.length === 0 ? offered : offered.filter((type) => types.includes(type)), since: start };
}
