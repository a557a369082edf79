import { sql } from "kysely";
import { sameConcept } from "../domain/concept.ts";
import type { Concept, DiagnosticReportFacts, Key, ObservationFacts } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { nameOf, recordKey } from "../domain/key.ts";
import type { Reading } from "../domain/observation.ts";
import { resultTitle } from "../domain/title.ts";
import { orderVersions } from "../domain/version-order.ts";
import type { Db } from "./db.ts";
import { isRecordName, readNewestFacts, resolveNames } from "./newest-facts.ts";

/** A result whose value is wanted: the report, and its title, which names the reading that matters most. */
export interface AskedResult {
  readonly subject: Key;
  readonly title: string | null;
  readonly openedAt: Instant;
}

interface ResultValue {
  readonly at: Instant;
  readonly reading: Reading;
}

export interface ResultValues {
  /** What the title was made from. */
  readonly reading: Reading;
  /** Later values of the same code of the same patient, oldest first. */
  readonly later: readonly ResultValue[];
}

/** By what was asked, for one report may be asked of twice, as of its amendment; absent where the reading is not held. Nothing after `until` exists. */
export async function readResultValues<Result extends AskedResult>(
  db: Db,
  site: string,
  asked: readonly Result[],
  until: Instant,
): Promise<Map<Result, ResultValues>> {
  const reports = asked.filter(({ subject }) => subject.startsWith("DiagnosticReport/"));
  const leading = await readLeading(db, site, reports);
  const codes = new Map(
    [...leading].map(([report, reading]) => {
      return [report, { key: recordKey(site, report.subject), after: report.openedAt, code: reading.code }] as const;
    }),
  );
  const later = await readLater(db, [...codes.values()], until);
  return new Map(
    [...leading].map(([report, reading]) => {
      const code = codes.get(report);
      return [report, { reading, later: (code && later.get(code)) ?? [] }];
    }),
  );
}

async function readLeading<Result extends AskedResult>(db: Db, site: string, asked: readonly Result[]): Promise<Map<Result, Reading>> {
  const facts = await readNewestFacts(
    db,
    site,
    asked.map(({ subject }) => subject),
  );
  const reports = new Map([...facts].flatMap(([name, version]) => (version.type === "DiagnosticReport" ? [[name, version] as const] : [])));
  const names = await resolveNames(
    db,
    site,
    [...reports.values()].flatMap((report) => report.results),
  );
  const observations = await readNewestFacts(
    db,
    site,
    [...names.values()].filter((name) => name !== undefined && isRecordName(name)) as Key[],
  );
  const leading = new Map<Result, Reading>();
  for (const one of asked) {
    const { subject, title } = one;
    const report = reports.get(subject);
    if (!report || title === null) continue;
    const reading = readingsOf(report, names, observations).find((each) => resultTitle(report.code, each) === title);
    if (reading?.display !== undefined) leading.set(one, reading);
  }
  return leading;
}

function readingsOf(report: DiagnosticReportFacts, names: ReadonlyMap<Key, Key | undefined>, held: ReadonlyMap<Key, unknown>): Reading[] {
  return report.results.flatMap((ref) => {
    const observation = held.get(names.get(nameOf(ref)) ?? "") as ObservationFacts | undefined;
    return [...(observation?.readings ?? report.contained[ref.key]?.readings ?? [])];
  });
}

interface AskedCode {
  /** Of the report. */
  readonly key: bigint;
  readonly after: Instant;
  readonly code: Concept;
}

interface LaterRow {
  readonly key: bigint;
  readonly resource_key: bigint;
  readonly facts: ObservationFacts;
}

/** Chosen in the database by code: a patient has few values of one test, and thousands of others. */
async function readLater(db: Db, asked: readonly AskedCode[], until: Instant): Promise<Map<AskedCode, ResultValue[]>> {
  const wanted = asked.flatMap(({ key, after, code }) =>
    waysOfSaying(code).map((said) => ({ key, after, said: JSON.stringify([{ code: said }]), word: wordOf(said) })),
  );
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<LaterRow>`
    with asked as materialized (
      select given.key, given.said, given.word, report.patient_key
      from unnest(${wanted.map(({ key }) => key)}::bigint[], ${wanted.map(({ said }) => said)}::text[],
          ${wanted.map(({ word }) => word)}::text[]) as given (key, said, word)
        join record report on report.resource_key = given.key)
    select asked.key, record.resource_key, version.facts
    from asked join record on record.patient_key = asked.patient_key and record.type = 'Observation' and not record.voided
      join resource_version version on version.resource_key = record.resource_key
    where case when strpos(version.facts::text, asked.word) > 0 then version.facts::jsonb -> 'readings' @> asked.said::jsonb end`.execute(
    db,
  );
  const found = new Map<AskedCode, ResultValue[]>();
  for (const one of asked) {
    const { key, after, code } = one;
    const versions = Map.groupBy(
      rows.filter((row) => row.key === key),
      (row) => row.resource_key,
    );
    const values = [...versions.values()].flatMap((held) => {
      const newest = orderVersions(held.map((row) => row.facts)).at(-1);
      const at = (newest?.effective ?? newest?.issued)?.at;
      const reading = newest?.readings.find((each) => each.display !== undefined && sameConcept(each.code, code));
      return at !== undefined && reading && at > after && at <= until ? [{ at, reading }] : [];
    });
    found.set(
      one,
      values.sort((a, b) => a.at - b.at),
    );
  }
  return found;
}

/** As it stands in whatever facts say it: what lacks it need not be parsed. */
function wordOf({ codings = [], text }: Partial<Concept>): string {
  return JSON.stringify(codings[0]?.code ?? text);
}

/** Same concept: any shared coding, else equal text (`Concept`). */
function waysOfSaying({ codings, text }: Concept): Partial<Concept>[] {
  return codings.length > 0 ? codings.map((coding) => ({ codings: [coding] })) : text === undefined ? [] : [{ text }];
}
