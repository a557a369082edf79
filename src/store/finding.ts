import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Finding } from "../domain/finding.ts";
import type { Viewer } from "../domain/viewer.ts";
import { describeFindings } from "./describe-findings.ts";
import { askFor, type FindingFilter } from "./finding-filter.ts";
import { readFindingRows, type Cursor, type Page } from "./finding-rows.ts";
import { noneQuiet, type QuietSites } from "./quiet-sites.ts";

export interface FindingPage {
  readonly findings: Finding[];
  /** Where the next page begins; absent on the last. */
  readonly next?: Cursor;
}

/** What is asked for and may be seen, by due time unless the page says otherwise. */
export async function listFindings(
  db: Kysely<Database>,
  viewer: Viewer,
  filter: FindingFilter,
  page: Page,
  quiet: QuietSites = noneQuiet,
): Promise<FindingPage> {
  const { rows, next } = await readFindingRows(db, viewer, await askFor(db, filter), page, quiet);
  return { findings: await describeFindings(db, rows, quiet), ...(next && { next }) };
}

/** One loop, finding or not; undefined where there is none of that id, or none that the viewer may see. */
export async function findFinding(db: Kysely<Database>, viewer: Viewer, id: string): Promise<Finding | undefined> {
  const { findings } = await listFindings(db, viewer, { ids: [id] }, { limit: 1 });
  return findings[0];
}
