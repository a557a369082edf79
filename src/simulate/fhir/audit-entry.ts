import type { Chart, Result } from "../chart.ts";
import { letterRecord } from "../letter-record.ts";
import type { Instant } from "../london-time.ts";
import type { Person } from "../staff.ts";

/** One line of an audit trail before it takes a dialect's shape. */
export interface AuditEntry {
  readonly at: Instant;
  readonly by: Person | "machine";
  readonly does: "read" | "search" | "create" | "update" | "delete" | "verify" | "transmit";
  /** What it was done to, `Type/id`; a search has a query instead. */
  readonly entity?: string;
  readonly query?: string;
  readonly failed?: boolean;
}

/** Everything that people did in the EPR for one patient, in order of time. */
export function listEntries(chart: Chart): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const look of chart.looks) entries.push(tellLook(chart, look));
  for (const { key, at, by, ended } of chart.orders) {
    entries.push({ at, by, does: "create", entity: key });
    if (ended !== undefined) entries.push({ at: ended.at, by: ended.by, does: "update", entity: key });
  }
  for (const { key, at, requester, ended } of chart.tasks) {
    entries.push({ at, by: requester, does: "create", entity: key });
    if (ended !== undefined) entries.push({ at: ended.at, by: ended.by, does: "update", entity: key });
  }
  for (const letter of chart.letters)
    if (letter.sent?.via === "transmit")
      entries.push({ at: letter.sent.at, by: "machine", does: "transmit", entity: letterRecord(chart, letter) });
  for (const result of chart.results) entries.push(...tellSigning(result));
  return entries.sort((one, other) => one.at - other.at);
}

/** The laboratory authorises what it issues: a `verify` that acknowledges nothing. */
function tellSigning({ key, author, versions, acknowledgements, isGiven }: Result): AuditEntry[] {
  const issued = versions.find(({ status }) => status === "final");
  return [
    ...(issued === undefined || isGiven ? [] : [{ at: issued.at, by: author, does: "verify" as const, entity: key }]),
    ...acknowledgements.filter(({ via }) => via === "audit").map(({ at, by }) => ({ at, by, does: "verify" as const, entity: key })),
  ];
}

function tellLook({ patient, encounters }: Chart, { at, by, of, result, failed = false }: Chart["looks"][number]): AuditEntry {
  const reading = result?.versions[0]?.readings[0];
  if (of === "report" && result !== undefined) return { at, by, does: "read", entity: result.key, failed };
  if (of === "observation" && reading !== undefined) return { at, by, does: "read", entity: reading.key, failed };
  if (of === "search") return { at, by, does: "search", query: `DiagnosticReport?patient=${patient.key}&_sort=-date&_count=20`, failed };
  if (of === "other") {
    const encounter = encounters.findLast(({ from }) => from <= at) ?? encounters[0];
    return { at, by, does: "read", entity: encounter?.key ?? patient.key, failed };
  }
  return { at, by, does: "read", entity: patient.key, failed };
}
