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
import { askFor, type Asked, type FindingFilter } from "./finding-filter.ts";
import { cursorOf, readFindingRows, type Cursor, type FindingRow } from "./finding-rows.ts";
import { noneQuiet, type QuietSites } from "./quiet-sites.ts";
import { recall, type Asked as AskedRecord } from "./recall.ts";

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
  quiet: QuietSites = noneQuiet,
): Promise<CasePage> {
  const missed = await askFor(db, { ...filter, verdicts: worklistVerdicts });
  const found: CaseRows[] = [];
  let after = page.after;
  for (;;) {
    const asked = { limit: page.limit + 1, order: "urgency", ...(after && { after }) } as const;
    const { rows, next } = await readFindingRows(db, viewer, missed, asked, quiet);
    const cases = await readCases(db, viewer, filter, missed, rows, quiet);
    for (const row of rows) {
      const ofRow = cases.get(row.loop_id);
      if (ofRow && found.length === page.limit) return { cases: await describeCases(db, found, quiet), ...(after && { next: after }) };
      if (ofRow) found.push(ofRow);
      after = cursorOf(row);
    }
    if (!next) return { cases: await describeCases(db, found, quiet) };
  }
}

interface CaseRows {
  readonly key: Key;
  readonly site: string;
  readonly rows: FindingRow[];
}

/** The cases that are shown by one of these rows, under that row's id: by the first that is asked for of each case. */
async function readCases(
  db: Kysely<Database>,
  viewer: Viewer,
  filter: CaseFilter,
  missed: Asked,
  rows: readonly FindingRow[],
  quiet: QuietSites,
): Promise<Map<string, CaseRows>> {
  if (rows.length === 0) return new Map();
  const subjects = rows.map(({ site, subject }) => ({ site, key: subject }));
  const places = await recall(db, quiet, "case", subjects, (missing) => readPlaces(db, missing));
  const cases = new Map(places.map((place) => [`${place.site} ${place.key}`, place]));
  const subjectKeys = [...cases.values()].flatMap(({ site, members }) => members.map((name) => recordKey(site, name)));
  // Those that are shown, and those that are asked for.
  const statuses = [...new Set([...currentStatuses, ...(filter.statuses ?? [])])];
  const page = { limit: everyRow, order: "urgency", mark: missed } as const;
  const ofCases = await readFindingRows(db, viewer, await askFor(db, { all: true, statuses, subjectKeys }), page, quiet);
  const placeOf = new Map(ofCases.rows.map((row, place) => [row, place]));
  const bySubject = Map.groupBy(ofCases.rows, ({ site, subject }) => `${site} ${subject}`);
  const found = new Map<string, CaseRows>();
  for (const { key, site, members } of cases.values()) {
    const mine = members
      .flatMap((name) => bySubject.get(`${site} ${name}`) ?? [])
      .sort((a, b) => (placeOf.get(a) ?? 0) - (placeOf.get(b) ?? 0));
    const anchor = mine.find((row) => row.isMarked);
    if (anchor) found.set(anchor.loop_id, { key, site, rows: mine.filter((row) => row.isCurrent) });
  }
  return found;
}

interface CasePlace {
  readonly site: string;
  readonly key: Key;
  readonly members: readonly Key[];
}

/** The case that each of these records belongs to, and the records of that case. */
async function readPlaces(db: Kysely<Database>, asked: readonly AskedRecord[]): Promise<(one: AskedRecord) => CasePlace> {
  const subjects = new Map([...Map.groupBy(asked, ({ site }) => site)].map(([site, ofSite]) => [site, ofSite.map(({ key }) => key)]));
  const worlds = await readCaseWorlds(db, subjects);
  const keyOf = ({ site, key }: AskedRecord): Key => {
    const world = worlds.get(site);
    return world ? caseKeyOf(world, key) : key;
  };
  const keys = new Map([...Map.groupBy(asked, ({ site }) => site)].map(([site, ofSite]) => [site, [...new Set(ofSite.map(keyOf))]]));
  const records = await listCaseRecords(db, keys);
  return (one) => ({ site: one.site, key: keyOf(one), members: records.get(one.site)?.get(keyOf(one)) ?? [] });
}

async function describeCases(db: Kysely<Database>, found: readonly CaseRows[], quiet: QuietSites): Promise<Case[]> {
  const rows = found.flatMap((each) => each.rows);
  const byId = new Map((await describeFindings(db, rows, quiet)).map((finding) => [finding.id, finding]));
  return found.flatMap((each) => {
    const [first, ...others] = each.rows.map((row) => byId.get(row.loop_id)).filter((finding) => finding !== undefined);
    if (!first) return [];
    return [caseOf(each.key, each.site, [first, ...others])];
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
