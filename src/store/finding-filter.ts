import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Key } from "../domain/facts.ts";
import { latestOf, type Instant } from "../domain/instant.ts";
import { recordKey } from "../domain/key.ts";
import { ranksOf } from "../domain/rank.ts";
import { currentStatuses, statuses, type Status } from "../domain/status.ts";
import { findingVerdicts, type Urgency, type Verdict } from "../domain/verdict.ts";
import { listPersonKeys } from "./person-keys.ts";
import { listSites } from "./site.ts";
import { allOf, isLabelled, isOneOf, teamOfLoop, tierOfLoop, type Condition } from "./visible-loops.ts";

/**
 * Which findings are asked for. Without `all`: those of the worklist, that is its tier, current statuses, no test
 * patients. Naming a verdict, a status or an id asks for exactly that. Bounds on times are half-open.
 */
export interface FindingFilter {
  readonly all?: boolean;
  readonly ids?: readonly string[];
  readonly sites?: readonly string[];
  readonly signals?: readonly string[];
  readonly verdicts?: readonly Verdict[];
  readonly statuses?: readonly Status[];
  readonly urgencies?: readonly Urgency[];
  readonly teams?: readonly string[];
  /** `Patient/id` or `system|value`; a person who has several ids is found by each. */
  readonly patient?: Key;
  readonly subject?: Key;
  /** Keys of records, of whatever sites. */
  readonly subjectKeys?: readonly bigint[];
  readonly openedFrom?: Instant;
  readonly openedTo?: Instant;
  readonly dueFrom?: Instant;
  readonly dueTo?: Instant;
  /** As the configuration lists them; those that a tag marks are known anyway. */
  readonly testPatients?: readonly { readonly site: string; readonly name: Key }[];
}

/** A filter made ready for queries. */
export interface Asked {
  /** Everything but test patients. */
  readonly condition: Condition;
  /** The same, of what loops are counted by. */
  readonly ofKinds: Condition;
  /** Whether test patients are left out. */
  readonly leavesOutTests: boolean;
  /** Those that the configuration lists. */
  readonly tests: readonly bigint[];
  readonly isTest: Condition;
  /** Nothing narrows it but what loops are counted by (`loop_count`). */
  readonly isOfKinds: boolean;
  readonly teams: readonly string[] | undefined;
  /** Where only some verdicts are asked for: between which ranks they stand, so that an index by rank begins with them. */
  readonly ranks: ReturnType<typeof ranksOf> | undefined;
}

export async function askFor(db: Kysely<Database>, filter: FindingFilter): Promise<Asked> {
  const { all = false, ids, verdicts } = filter;
  const isNamed = ids !== undefined;
  const asksForOthers = verdicts?.some((verdict) => !findingVerdicts.includes(verdict)) ?? false;
  const asked = filter.statuses ?? (all || isNamed || asksForOthers ? statuses : currentStatuses);
  // Findings that are still somebody's work, and nothing else: what the indexes of the worklist hold.
  const isCurrent = !isNamed && !asksForOthers && asked.every((status) => currentStatuses.includes(status));
  const { persons, subjects } = await findRecords(db, filter);
  const tests = await listPersonKeys(db, filter.testPatients ?? []);
  const ofVerdict = isNamed && verdicts === undefined ? [] : [isOneOf(sql<string>`loop.verdict`, verdicts ?? findingVerdicts)];
  const ofStatus = statuses.every((status) => asked.includes(status)) ? [] : [isOneOf(sql<string>`loop.status`, asked)];
  const conditions = [
    ...(all || isNamed ? [] : [isOneOf(tierOfLoop, ["worklist"])]),
    ...(ids === undefined ? [] : [sql<boolean>`loop.loop_id = any(${ids.filter(isUuid)}::uuid[])`]),
    ...(filter.sites === undefined ? [] : [isOfSites(filter.sites)]),
    ...(filter.signals === undefined ? [] : [isOneOf(sql<string>`loop.signal`, filter.signals)]),
    ...(filter.urgencies === undefined ? [] : [isOneOf(sql<string>`loop.urgency`, filter.urgencies)]),
    ...(filter.teams === undefined ? [] : [isOneOf(teamOfLoop, filter.teams)]),
    ...(persons === undefined ? [] : [sql<boolean>`loop.patient_key = any(${persons}::bigint[])`]),
    ...(subjects === undefined ? [] : [sql<boolean>`loop.subject_key = any(${subjects}::bigint[])`]),
    ...(filter.subjectKeys === undefined ? [] : [sql<boolean>`loop.subject_key = any(${[...filter.subjectKeys]}::bigint[])`]),
    ...between(sql`loop.opened_at`, filter.openedFrom, filter.openedTo),
    // Nothing is due before it opened, so that an index by due time begins with what opened then.
    ...between(sql`loop.due_at`, latestOf([filter.openedFrom, filter.dueFrom]), filter.dueTo),
  ];
  return {
    ofKinds: allOf([...ofVerdict, ...ofStatus, ...conditions]),
    condition: allOf([
      // Says what is current by itself: said again, the planner would take the rows for a hundredth of those that there are.
      ...(isCurrent ? [sql<boolean>`loop.is_current`] : []),
      ...(isCurrent && verdicts === undefined ? [] : ofVerdict),
      ...(isCurrent && currentStatuses.every((status) => asked.includes(status)) ? [] : ofStatus),
      ...conditions,
    ]),
    leavesOutTests: !all && !isNamed,
    tests,
    isTest: tests.length === 0 ? isLabelled("test") : sql<boolean>`(${isLabelled("test")} or loop.patient_key = any(${tests}::bigint[]))`,
    isOfKinds: !isNamed && !narrows(filter),
    teams: filter.teams,
    ranks: verdicts && verdicts.length > 0 && verdicts.length < findingVerdicts.length ? ranksOf(verdicts) : undefined,
  };
}

function narrows({ patient, subject, subjectKeys, openedFrom, openedTo, dueFrom, dueTo }: FindingFilter): boolean {
  return [patient, subject, subjectKeys, openedFrom, openedTo, dueFrom, dueTo].some((part) => part !== undefined);
}

/** The keys of the person and of the record that are asked for, at whatever sites. */
async function findRecords(
  db: Kysely<Database>,
  { patient, subject }: FindingFilter,
): Promise<{ persons: readonly bigint[] | undefined; subjects: readonly bigint[] | undefined }> {
  if (patient === undefined && subject === undefined) return { persons: undefined, subjects: undefined };
  const sites = (await listSites(db)).map((site) => site.name);
  const named = patient === undefined ? [] : sites.map((site) => ({ site, name: patient }));
  return {
    persons: patient === undefined ? undefined : await listPersonKeys(db, named),
    subjects: subject === undefined ? undefined : sites.map((site) => recordKey(site, subject)),
  };
}

/** By their numbers, for an index knows no names; of one alone an index gives the order of a page. */
function isOfSites(names: readonly string[]): Condition {
  const [name] = names;
  if (names.length === 1) return sql<boolean>`loop.site_id = (select site_id from site where name = ${name})`;
  return sql<boolean>`loop.site_id = any(array(select site_id from site where name = any(${[...names]}::text[])))`;
}

function between(column: ReturnType<typeof sql>, from: Instant | undefined, to: Instant | undefined): Condition[] {
  return [
    ...(from === undefined ? [] : [sql<boolean>`${column} >= ${toTimestamp(from)}::timestamptz`]),
    ...(to === undefined ? [] : [sql<boolean>`${column} < ${toTimestamp(to)}::timestamptz`]),
  ];
}

/** Anything else names no finding, and PostgreSQL would refuse the whole question for it. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
