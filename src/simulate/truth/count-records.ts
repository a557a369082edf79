import type { FhirRecord, Json } from "../fhir/record.ts";
import { DAY, HOUR, type Instant } from "../london-time.ts";

/** How many records of a type tell of each hour of a UTC day: a line of truth-series.ndjson. */
export interface TruthHours {
  readonly feed: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly counts: readonly number[];
  /** By the end of which hour after it the last record of the hour was stored. */
  readonly storedAfter: readonly number[];
}

/** Nothing uses them, so that they are counted and not kept. */
const unused: readonly string[] = ["Device"];

/** Where a record of each type says when what it tells of happened: the first of these; else when it was stored. */
const saidIn: Readonly<Record<string, readonly string[]>> = {
  Appointment: ["created"],
  AuditEvent: ["period.end", "occurredDateTime", "recorded"],
  Communication: ["sent"],
  Composition: ["date"],
  Condition: ["onsetDateTime"],
  DiagnosticReport: ["issued"],
  DocumentReference: ["date"],
  Encounter: ["period.start", "actualPeriod.start"],
  ImagingStudy: ["started"],
  MedicationAdministration: ["effectiveDateTime", "occurenceDateTime"],
  MedicationRequest: ["authoredOn"],
  Observation: ["effectiveDateTime"],
  Procedure: ["performedDateTime", "occurrenceDateTime"],
  Provenance: ["occurredDateTime"],
  ServiceRequest: ["authoredOn"],
  Task: ["lastModified"],
};

/**
 * Counts what the EPR wrote, by type and hour: the series of feeds are about records, not about patients, so that this alone of
 * the truth looks at them. What is kept is a number an hour and type.
 */
export function countRecords(
  start: Instant,
  now: Instant,
): { readonly see: (record: FhirRecord) => void; readonly tell: () => TruthHours[] } {
  const days = Math.ceil((now - start) / DAY);
  const feeds = new Map<string, { readonly counts: Uint32Array; readonly storedAfter: Uint16Array }>();
  return {
    see(record) {
      const hour = Math.floor((happenedAt(record) - start) / HOUR);
      if (unused.includes(record.type) || hour < 0 || hour >= days * 24) return;
      const feed = feeds.get(record.type) ?? { counts: new Uint32Array(days * 24), storedAfter: new Uint16Array(days * 24) };
      feeds.set(record.type, feed);
      feed.counts[hour] = (feed.counts[hour] ?? 0) + 1;
      const after = Math.ceil((record.storedAt - start) / HOUR) - hour;
      feed.storedAfter[hour] = Math.max(feed.storedAfter[hour] ?? 0, after, 1);
    },
    tell: () =>
      [...feeds].sort().flatMap(([feed, { counts, storedAfter }]) =>
        Array.from({ length: days }, (_, day) => ({
          feed,
          from: start + day * DAY,
          to: start + (day + 1) * DAY,
          counts: [...counts.subarray(day * 24, (day + 1) * 24)],
          storedAfter: [...storedAfter.subarray(day * 24, (day + 1) * 24)],
        })),
      ),
  };
}

function happenedAt({ type, storedAt, body }: FhirRecord): Instant {
  const said = (saidIn[type] ?? []).map((path) =>
    path.split(".").reduce<unknown>((part, name) => (part as Json | undefined)?.[name], body),
  );
  const text = said.find((each) => typeof each === "string");
  return typeof text === "string" ? Date.parse(text) : storedAt;
}
