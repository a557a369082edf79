import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { caseKeyOf } from "../domain/case-key.ts";
import type { Key } from "../domain/facts.ts";
import type { Finding } from "../domain/finding.ts";
import { recordKey } from "../domain/key.ts";
import { currentStatuses, type Status } from "../domain/status.ts";
import { findingVerdicts, verdicts, worklistVerdicts } from "../domain/verdict.ts";
import type { Viewer } from "../domain/viewer.ts";
import { listCaseRecords, readCaseWorld, readCaseWorlds } from "./case-world.ts";
import { describeFindings } from "./describe-findings.ts";
import { askFor, type FindingFilter } from "./finding-filter.ts";
import { cursorOf, readFindingRows, type Cursor, type FindingRow } from "./finding-rows.ts";

/** All current findings of one record together with its order and Tasks: one row on the worklist, one review. */
export interface Case {
  readonly key: Key;
  readonly site: string;
  /** `open` where any of its findings is; else `in-review` where any is. */
  readonly status: Status;
  /** Most urgent first: what the case is shown by is the first. */
  readonly findings: readonly [Finding, ...Finding[]];
}

export interface CasePage {
  readonly cases: Case[];
  readonly next?: Cursor;
}

type CaseFilter = Omit<FindingFilter, "all" | "ids" | "verdicts" | "subjectKeys">;

const everyRow = 100_000;

/**
 * The worklist: cases with a current `missed` or `occurred` finding of a worklist-tier signal that the filter asks for, each at the place
 * of the most urgent one, with everything current of the case that the viewer may see.
 */
export async function listCases(
  db: Kysely<Database>,
  viewer: Viewer,
  filter: CaseFilter,
  page: { readonly limit: number; readonly after?: Cursor },
): Promise<CasePage> {
  const missed = { ...filter, verdicts: worklistVerdicts };
  const found: { key: Key; site: string; rows: FindingRow[] }[] = [];
  let after = page.after;
  for (;;) {
    const { rows, next } = await readFindingRows(db, viewer, await askFor(db, missed), {
      limit: page.limit + 1,
      order: "urgency",
      ...(after && { after }),
    });
    const cases = await readCases(db, viewer, missed, rows);
    for (const row of rows) {
      const ofRow = cases.get(row.loop_id);
      if (ofRow && found.length === page.limit) return { cases: await describeCases(db, found), ...(after && { next: after }) };
      if (ofRow) found.push(ofRow);
      after = cursorOf(row);
    }
    if (!next) return { cases: await describeCases(db, found) };
  }
}

/** The cases that are shown by one of these rows, under that row's id: by the first that is asked for of each case. */
async function readCases(
  db: Kysely<Database>,
  viewer: Viewer,
  missed: FindingFilter,
  rows: readonly FindingRow[],
): Promise<Map<string, { key: Key; site: string; rows: FindingRow[] }>> {
  const cases = new Map<string, { key: Key; site: string; rows: FindingRow[] }>();
  if (rows.length === 0) return cases;
  const subjects = new Map([...Map.groupBy(rows, (row) => row.site)].map(([site, ofSite]) => [site, ofSite.map((row) => row.subject)]));
  const worlds = await readCaseWorlds(db, subjects);
  const keys = new Map(
    [...worlds].map(([site, world]) => [site, [...new Set((subjects.get(site) ?? []).map((subject) => caseKeyOf(world, subject)))]]),
  );
  const records = await listCaseRecords(db, keys);
  const subjectKeys = [...records].flatMap(([site, ofSite]) => [...ofSite.values()].flat().map((name) => recordKey(site, name)));
  const page = { limit: everyRow, order: "urgency" } as const;
  const asked = await readFindingRows(db, viewer, await askFor(db, { ...missed, subjectKeys }), page);
  const current = await readFindingRows(db, viewer, await askFor(db, { all: true, statuses: currentStatuses, subjectKeys }), page);
  for (const [site, ofSite] of records) {
    for (const [key, members] of ofSite) {
      const isOfCase = (row: FindingRow): boolean => row.site === site && members.includes(row.subject);
      const anchor = asked.rows.find(isOfCase);
      if (anchor) cases.set(anchor.loop_id, { key, site, rows: current.rows.filter(isOfCase) });
    }
  }
  return cases;
}

async function describeCases(db: Kysely<Database>, found: readonly { key: Key; site: string; rows: FindingRow[] }[]): Promise<Case[]> {
  const findings = await describeFindings(
    db,
    found.flatMap(({ rows }) => rows),
  );
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  return found.flatMap(({ key, site, rows }) => {
    const [first, ...others] = rows.map((row) => byId.get(row.loop_id)).filter((finding) => finding !== undefined);
    if (!first) return [];
    return [caseOf(key, site, [first, ...others])];
  });
}

function caseOf(key: Key, site: string, findings: Case["findings"]): Case {
  const status = currentStatuses.find((each) => findings.some((finding) => finding.status === each)) ?? findings[0].status;
  return { key, site, status, findings };
}

/** The case that a record belongs to, with its findings whatever their status; undefined where the viewer may see nothing of it. */
export async function findCase(db: Kysely<Database>, viewer: Viewer, record: Key, site: string): Promise<Case | undefined> {
  const rows = (await listCaseRows(db, viewer, record, [site])).get(site) ?? [];
  const [first, ...others] = await describeFindings(db, rows);
  return first && caseOf(first.case, site, [first, ...others]);
}

/**
 * Everything of the case that a record belongs to, by site: its findings whatever their status, and what has been reviewed
 * whatever its verdict. Sites where there is nothing, or nothing that the viewer may see, are absent.
 */
export async function listCaseRows(
  db: Kysely<Database>,
  viewer: Viewer,
  record: Key,
  sites: readonly string[],
): Promise<Map<string, FindingRow[]>> {
  const found = new Map<string, FindingRow[]>();
  for (const site of sites) {
    const key = caseKeyOf(await readCaseWorld(db, site, [record]), record);
    const members = (await listCaseRecords(db, new Map([[site, [key]]]))).get(site)?.get(key) ?? [];
    const asked = await askFor(db, {
      all: true,
      subjectKeys: members.map((name) => recordKey(site, name)),
      verdicts,
    });
    const { rows } = await readFindingRows(db, viewer, asked, { limit: everyRow, order: "urgency" });
    const mine = rows.filter((row) => isReviewable(row));
    if (mine.length > 0) found.set(site, mine);
  }
  return found;
}

/** A finding; or what was one when somebody reviewed it. */
export function isReviewable(row: FindingRow): boolean {
  return findingVerdicts.includes(row.verdict) || row.standing.reviews > 0;
}
