import { sql } from "kysely";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "./db.ts";
import { findQuarantined, type Quarantined, type QuarantineCount, type QuarantinedWhole } from "./quarantine.ts";
import { allOf, isOneOf, type Condition } from "./visible-loops.ts";

/** The type of what cannot even be told what it is. */
export const unreadableType = "unreadable";

/** Each narrows the list to any of its values. */
export interface QuarantineFilter {
  readonly sites?: readonly string[] | undefined;
  readonly codes?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
}

/** Where a page ended: when the run began that first met it, and its key. */
export interface QuarantineCursor {
  readonly since: Instant;
  readonly key: bigint;
}

interface Row {
  readonly key: bigint;
  readonly site: string;
  readonly source: string;
  readonly type: string | null;
  readonly code: string;
  readonly reason: string;
  readonly file: string;
  readonly line: number;
  readonly since: Instant;
}

const typeOf = sql<string>`coalesce(quarantine.type, ${sql.lit(unreadableType)})`;
/** What no run is known of counts as the oldest there is. */
const since = sql`coalesce(run.started_at, 'epoch'::timestamptz)`;

/** Of the viewer's sites, the newest first; nothing of the resources themselves. */
export async function listQuarantinePage(
  db: Db,
  viewer: Viewer,
  filter: QuarantineFilter,
  page: { readonly limit: number; readonly after?: QuarantineCursor | undefined },
): Promise<{ quarantined: Quarantined[]; next?: QuarantineCursor }> {
  const { after, limit } = page;
  const beyond = after && sql<boolean>`(${since}, quarantine_key) < (${toTimestamp(after.since)}::timestamptz, ${after.key}::bigint)`;
  const { rows } = await sql<Row>`
    select quarantine_key as key, site.name as site, source, quarantine.type, code, reason, file, line, ${since} as since
    from quarantine join site on site.site_id = quarantine.site_id left join run on run.run_id = quarantine.first_run
    where ${allOf([...conditionsOf(viewer, filter), ...(beyond ? [beyond] : [])])}
    order by ${since} desc, quarantine_key desc limit ${limit + 1}`.execute(db);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    quarantined: shown.map(({ type, since: at, ...row }) => ({ ...row, type: type ?? undefined, since: at === 0 ? undefined : at })),
    ...(last && rows.length > limit && { next: { since: last.since, key: last.key } }),
  };
}

/** How many of each kind there are among these; most first. */
export async function countQuarantineKinds(db: Db, viewer: Viewer, filter: QuarantineFilter): Promise<QuarantineCount[]> {
  const { rows } = await sql<Omit<QuarantineCount, "type"> & { type: string | null }>`
    select site.name as site, code, quarantine.type, count(*)::integer as count
    from quarantine join site on site.site_id = quarantine.site_id where ${allOf(conditionsOf(viewer, filter))}
    group by site.name, code, quarantine.type order by count(*) desc, site.name, code, quarantine.type`.execute(db);
  return rows.map((row) => ({ ...row, type: row.type ?? undefined }));
}

/** One whole. Whoever may not read what is restricted sees none: what labels it bears cannot be relied on, for it could not be read. */
export async function findQuarantinedWhole(db: Db, viewer: Viewer, key: bigint): Promise<QuarantinedWhole | undefined> {
  const found = await findQuarantined(db, key);
  const isVisible = viewer.mayReadRestricted && (viewer.sites === "all" || (found && viewer.sites.includes(found.site)));
  return isVisible ? found : undefined;
}

/** Which of some keys a site has in quarantine. */
export async function listHeldKeys(db: Db, siteId: number, keys: readonly bigint[]): Promise<Set<bigint>> {
  const { rows } = await sql<{ key: bigint }>`select quarantine_key as key from quarantine
    where site_id = ${siteId} and quarantine_key = any(${[...keys]}::bigint[])`.execute(db);
  return new Set(rows.map(({ key }) => key));
}

function conditionsOf({ sites }: Viewer, filter: QuarantineFilter): Condition[] {
  const site = sql<string>`site.name`;
  return [
    ...(sites === "all" ? [] : [isOneOf(site, sites)]),
    ...(filter.sites ? [isOneOf(site, filter.sites)] : []),
    ...(filter.codes ? [isOneOf(sql<string>`code`, filter.codes)] : []),
    ...(filter.types ? [isOneOf(typeOf, filter.types)] : []),
  ];
}
