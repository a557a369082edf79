import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { copyRows } from "../../src/db/copy-rows.ts";
import type { Connection } from "../../src/db/connect.ts";
import { toTimestamp } from "../../src/db/timestamp.ts";
import { withTransaction } from "../../src/db/transaction.ts";
import { hashParts, recordKey } from "../../src/domain/key.ts";
import type { Priority, Urgency, Verdict } from "../../src/domain/verdict.ts";
import { enabledByDefault, readCatalogue } from "../../src/signals/catalogue.ts";
import { logicHash } from "../../src/signals/logic-hash.ts";
import type { Db } from "../../src/store/db.ts";
import { changeCounts } from "../../src/store/loop-count.ts";
import { finishRun, startRun } from "../../src/store/run.ts";
import { lockStandings } from "../../src/store/settle-standing.ts";
import { takeSignalsInForce } from "../../src/store/signal-version.ts";
import { getSite } from "../../src/store/site.ts";
import { deriveStandings } from "../../src/store/standing.ts";
import { makeMonths } from "../../src/worker/month-partitions.ts";
import { factsOf } from "../normalise/normalise-example.ts";

export interface FindingsSize {
  /** Late, missed or unknown. */
  readonly findings: number;
  /** Of these, not dismissed. */
  readonly open: number;
}

export const sites = ["east", "north", "south", "west"];
export const teams = Array.from({ length: 50 }, (_, number) => `Organization/ward-${String(number)}`);
const signals = readCatalogue()
  .map(({ signal }) => signal)
  .filter(({ id, loop }) => loop && enabledByDefault.includes(id));
const editions = new Map(signals.map((signal) => [signal.id, logicHash(signal)]));
const ofResults = signals.map(({ id }) => id).filter((id) => id.startsWith("result-") || id.startsWith("critical-"));
const verdicts: readonly Verdict[] = ["missed", "missed", "missed", "missed", "missed", "missed", "missed", "late", "unknown", "late"];
const urgencies: readonly Urgency[] = ["critical", "abnormal", "abnormal", "not-said", "normal"];
const now = Date.parse("2026-11-01T00:00:00Z");
const [dayMs, minuteMs] = [86_400_000, 60_000];
const rowsAtOnce = 5_000;

/** Findings of a year at four sites, with the records, care events and reviews that they rest on: what scans and reviewers would have left. */
export async function fillFindings({ db }: Connection, size: FindingsSize): Promise<void> {
  await makeMonths(
    db,
    Array.from({ length: 14 }, (_, month) => now - month * 30 * dayMs),
  );
  for (const name of sites) {
    const { siteId } = await getSite(db, name);
    await makeSite(db, siteId, name);
    const ofSite = size.findings / sites.length;
    for (let from = 0; from < ofSite; from += rowsAtOnce) {
      const numbers = Array.from({ length: Math.min(rowsAtOnce, ofSite - from) }, (_, index) => from + index);
      // Of every age, as what is left undone is.
      const isOpen = (number: number): boolean => (number * 7919) % ofSite < size.open / sites.length;
      await withTransaction(db, (transaction) => writeFindings(transaction, siteId, name, numbers, isOpen));
    }
  }
  await sql`vacuum analyze`.execute(db);
}

async function makeSite(db: Db, siteId: number, name: string): Promise<void> {
  const versions = signals.map((signal) => ({ signal, edition: editions.get(signal.id) ?? "" }));
  await takeSignalsInForce(db, siteId, versions, now);
  await sql`update site set judged_at = ${toTimestamp(now)}::timestamptz where site_id = ${siteId}`.execute(db);
  for (const type of ["AuditEvent", "DiagnosticReport"])
    await db.insertInto("feed").values({ site_id: siteId, source: "epr", type }).execute();
  const id = randomUUID();
  await startRun(db, { id, siteId, kind: "scan", startedAt: now });
  const counts = { met: 0, pending: 0, late: 0, missed: 0, unknown: 0, cancelled: 0, occurred: 0, opened: 0, beforeWatch: 0 };
  const summary = {
    run: { id, site: name, kind: "scan", now, nowIs: "given", startedAt: now, state: "complete", unplaced: 0, notes: notes() },
    feeds: [],
    signals: signals.map((signal) => ({ id: signal.id, version: signal.version, runs: "yes", ...counts, notLookedAt: [] })),
  };
  await finishRun(db, id, { now, finishedAt: now, state: "complete", summary });
}

function notes(): object {
  return { afterClock: 0, cutShort: [], failedWindows: [], notOffered: [], serverRemarks: [] };
}

/** A report a finding, its opening, two looks at it, and of what is not open a review. */
async function writeFindings(
  db: Db,
  siteId: number,
  site: string,
  numbers: readonly number[],
  isOpen: (number: number) => boolean,
): Promise<void> {
  const loops = numbers.map((number) => describeLoop(siteId, site, number));
  const patients = [...new Set(numbers.filter((number) => number % 10 === 0))].map((number) => number / 10);
  const [reportFacts, patientFacts] = [exampleReport(), examplePatient()];
  await copy(db, "record", [
    ...patients.map((id) => record(siteId, site, "Patient", `p${String(id)}`, `Patient/p${String(id)}`)),
    ...numbers.map((number) => record(siteId, site, "DiagnosticReport", `r${String(number)}`, patientOf(number))),
  ]);
  const version = { site_id: siteId, source: "epr", block_key: 1n, place: 0, content_hash: "0", version_key: 1n };
  await copy(db, "resource_version", [
    ...patients.map((id) => ({
      ...version,
      type: "Patient",
      resource_key: recordKey(site, `Patient/p${String(id)}`),
      facts: { ...patientFacts, name: `PATIENT, Number ${String(id)}` },
    })),
    ...numbers.map((number) => ({
      ...version,
      type: "DiagnosticReport",
      resource_key: recordKey(site, `DiagnosticReport/r${String(number)}`),
      facts: { ...reportFacts, patient: { key: patientOf(number) } },
    })),
  ]);
  await copy(
    db,
    "care_event",
    loops.flatMap((loop) => [0, 1, 2].map((place) => describeEvent(site, loop, place))),
  );
  const reviewed = loops.filter((_, index) => !isOpen(numbers[index] ?? 0));
  await copy(
    db,
    "review",
    reviewed.map((loop) => ({
      ...loop,
      review_id: randomUUID(),
      step: "dismiss",
      reason: "seen",
      reviewer: "ann",
      at: now - dayMs,
      subject: `DiagnosticReport/r${String(loop.number)}`,
      evidence: {},
    })),
  );
  await lockStandings(db, siteId);
  const standings = await deriveStandings(db, siteId, loops);
  const rows = loops.flatMap((loop) => {
    const standing = standings.get(loop.loop_id);
    return standing ? [{ ...loop, ...standing }] : [];
  });
  await copy(db, "loop", rows);
  await changeCounts(db, siteId, [], rows);
}

type LoopRow = ReturnType<typeof describeLoop>;

function describeLoop(siteId: number, site: string, number: number) {
  const signal = ofResults[number % ofResults.length] ?? "";
  const opened_at = now - 20 * dayMs - ((number * 104_729) % (340 * 24 * 60)) * minuteMs;
  // Of every team some of each: teams go round in fifties.
  const verdict = verdicts[(number * 31 + Math.floor(number / teams.length)) % verdicts.length] ?? "missed";
  const subject_key = recordKey(site, `DiagnosticReport/r${String(number)}`);
  const gap = {
    type: "AuditEvent",
    from: opened_at - (opened_at % dayMs),
    to: opened_at - (opened_at % dayMs) + dayMs,
    why: "not-covered",
  };
  return {
    number,
    patient_key: recordKey(site, patientOf(number)),
    loop_id: randomUUID(),
    site_id: siteId,
    signal,
    signal_version: 1,
    edition: editions.get(signal) ?? "",
    subject_key,
    opening_event: hashParts("opening", String(subject_key)),
    opening_activity: "result.issued",
    opened_at,
    due_at: opened_at + 14 * dayMs,
    met_at: verdict === "late" ? opened_at + 15 * dayMs : null,
    verdict,
    reason: verdict === "unknown" ? "gap" : null,
    before_watch: false,
    urgency: urgencies[(number * 17 + Math.floor(number / (10 * teams.length))) % urgencies.length] ?? null,
    priority: null as Priority | null,
    team: number % 20 === 0 ? null : (teams[(number * 13) % teams.length] ?? null),
    title: "Potassium 6.1 mmol/L",
    limit_duration: "P14D",
    limit_basis: "Singh 2009",
    gaps: verdict === "unknown" ? [gap] : [],
    cancelling_gaps: [],
    explanation: {},
  };
}

function describeEvent(site: string, loop: LoopRow, place: number): Record<string, unknown> {
  return {
    patient_key: loop.patient_key,
    at: loop.opened_at + place * 60 * minuteMs,
    event_id: place === 0 ? loop.opening_event : hashParts("look", String(loop.subject_key), String(place)),
    site_id: loop.site_id,
    activity: place === 0 ? "result.issued" : "result.viewed",
    precision: "instant",
    subject_key: loop.subject_key,
    saying_key: place === 0 ? loop.subject_key : recordKey(site, `AuditEvent/a${String(loop.number)}-${String(place)}`),
    subject_read: true,
    actor: place === 0 ? null : "Practitioner/d1",
    actor_kind: "person",
    by_person: place !== 0,
    grade: 3,
    via: place === 0 ? "report" : "audit",
  };
}

function record(siteId: number, site: string, type: string, id: string, patient: string): Record<string, unknown> {
  const patient_key = recordKey(site, patient);
  return { resource_key: recordKey(site, `${type}/${id}`), site_id: siteId, namespace: "", type, id, patient_key, voided: false };
}

function patientOf(number: number): string {
  return `Patient/p${String(Math.floor(number / 10))}`;
}

function exampleReport() {
  const coding = [{ system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "LAB" }];
  return factsOf("DiagnosticReport", {
    status: "final",
    issued: "2026-05-01T09:00:00Z",
    category: [{ coding }],
    code: { text: "Potassium", coding: [{ system: "http://loinc.org", code: "2823-3" }] },
    subject: { reference: "Patient/x" },
    performer: [{ reference: "Organization/laboratory" }],
  });
}

function examplePatient() {
  return factsOf("Patient", {
    birthDate: "1960-05-01",
    name: [{ family: "PATIENT", given: ["Number"] }],
    identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "9434765919" }],
  });
}

/** Of each row the columns that the table has. */
async function copy(db: Db, table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  const { rows: columns } = await sql<{ name: string; type: string }>`
    select attname as name, case format_type(atttypid, atttypmod) when 'timestamp with time zone' then 'timestamptz' else format_type(atttypid, atttypmod) end as type
    from pg_attribute where attrelid = ${table}::regclass and attnum > 0 and not attisdropped order by attnum`.execute(db);
  const given = columns.filter(({ name }) => rows.some((row) => name in row));
  await copyRows(db, table, Object.fromEntries(given.map(({ name, type }) => [name, type])), rows);
}
