import { isObject, type JsonObject } from "./json-value.ts";
import { readStatedTime, type TimeRange } from "./time-range.ts";

/**
 * Search parameters of type date, as R4 defines them for the types that a follow-through needs, and the elements that
 * they look at, first come first served; with those that R5 calls otherwise.
 */
const timeParams: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Appointment: { date: ["start"] },
  AuditEvent: { date: ["recorded"] },
  CarePlan: { date: ["period"] },
  Communication: { received: ["received"], sent: ["sent"] },
  DiagnosticReport: { date: ["effectiveDateTime", "effectivePeriod"], issued: ["issued"] },
  Encounter: { date: ["period", "actualPeriod"] },
  MedicationRequest: { authoredon: ["authoredOn"] },
  Observation: { date: ["effectiveDateTime", "effectivePeriod", "effectiveInstant"] },
  Procedure: { date: ["performedDateTime", "performedPeriod", "occurrenceDateTime", "occurrencePeriod"] },
  Provenance: { recorded: ["recorded"], when: ["occurredDateTime", "occurredPeriod"] },
  ServiceRequest: { authored: ["authoredOn"], occurrence: ["occurrenceDateTime", "occurrencePeriod"] },
  Task: { "authored-on": ["authoredOn"], modified: ["lastModified"], period: ["executionPeriod"] },
};

/** Parameters by which resources of a type can be searched and sorted by time, `_lastUpdated` first. */
export function timeParamsOf(type: string): readonly string[] {
  return ["_lastUpdated", ...Object.keys(timeParams[type] ?? {})];
}

/** What a resource answers to each of them but `_lastUpdated`, as far as it answers. */
export function timesOf(type: string, resource: JsonObject): Map<string, TimeRange> {
  const times = new Map<string, TimeRange>();
  for (const [param, elements] of Object.entries(timeParams[type] ?? {})) {
    const range = elements.map((element) => rangeOf(resource[element])).find((each) => each !== undefined);
    if (range !== undefined) times.set(param, range);
  }
  return times;
}

function rangeOf(value: unknown): TimeRange | undefined {
  if (typeof value === "string") return readStatedTime(value);
  if (!isObject(value)) return undefined;
  const [from, to] = [value["start"], value["end"]].map((end) => (typeof end === "string" ? readStatedTime(end) : undefined));
  return from === undefined && to === undefined ? undefined : { start: from?.start ?? -Infinity, end: to?.end ?? Infinity };
}
