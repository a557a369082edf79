import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { DistinctKeys } from "../domain/distinct-keys.ts";
import type { Key } from "../domain/facts.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import type { FeedName } from "./coverage.ts";

/** A window of a feed while it is read: a search of what was last updated in it, or a history of every version since it began. */
export interface WindowName extends FeedName {
  readonly how: "search" | "history";
  readonly from: Instant;
}

/** How far a window was read, as committed with its last page. */
export interface OpenWindow extends Interval {
  readonly how: WindowName["how"];
  /** Until when the pull that began it asked. */
  readonly askedAt: Instant;
  /** The page to ask for; undefined: all were given. */
  readonly next: string | undefined;
  /** Whether also what it names was read. */
  readonly whole: boolean;
  readonly seenUntil: Instant | undefined;
  /** Versions that were read; entries that the server counts; records, each once. */
  readonly read: number;
  readonly matches: number;
  readonly given: number;
}

/** The oldest first. */
export async function listOpenWindows(db: Kysely<Database>, { siteId, source, type }: FeedName): Promise<OpenWindow[]> {
  type Row = Omit<OpenWindow, "next" | "seenUntil"> & { readonly next: string | null; readonly seenUntil: Instant | null };
  const { rows } = await sql<Row>`select how, from_at as "from", to_at as "to", asked_at as "askedAt", next_page as next, whole,
      seen_until as "seenUntil", read, matches, given
    from open_window where site_id = ${siteId} and source = ${source} and type = ${type} order by from_at`.execute(db);
  return rows.map((row) => ({ ...row, next: row.next ?? undefined, seenUntil: row.seenUntil ?? undefined }));
}

export async function writeOpenWindow(db: Kysely<Database>, { siteId, source, type }: FeedName, open: OpenWindow): Promise<void> {
  const { how, from, to, askedAt, next = null, whole, seenUntil, read, matches, given } = open;
  const seen = seenUntil === undefined ? null : toTimestamp(seenUntil);
  await sql`insert into open_window
      (site_id, source, type, how, from_at, to_at, asked_at, next_page, whole, seen_until, read, matches, given)
    values (${siteId}, ${source}, ${type}, ${how}, ${toTimestamp(from)}::timestamptz, ${toTimestamp(to)}::timestamptz,
      ${toTimestamp(askedAt)}::timestamptz, ${next}::text, ${whole}, ${seen}::timestamptz, ${read}, ${matches}, ${given})
    on conflict (site_id, source, type, how, from_at) do update set to_at = excluded.to_at, asked_at = excluded.asked_at,
      next_page = excluded.next_page, whole = excluded.whole, seen_until = excluded.seen_until, read = excluded.read,
      matches = excluded.matches, given = excluded.given`.execute(db);
}

/** Keeps in mind which of these records nobody has sent yet: whoever goes on with the window has to fetch them. */
export async function noteNamed(
  db: Kysely<Database>,
  window: WindowName,
  named: readonly { readonly name: Key; readonly key: bigint }[],
): Promise<void> {
  if (named.length === 0) return;
  const { siteId, source, type, how, from } = window;
  const { rows } = await sql<{ key: bigint }>`
    select distinct resource_key as key from resource_version where resource_key = any(${named.map(({ key }) => key)}::bigint[])`.execute(
    db,
  );
  const held = new Set(rows.map((row) => row.key));
  const names = named.flatMap(({ name, key }) => (held.has(key) ? [] : [name]));
  await sql`insert into open_window_name (site_id, source, type, how, from_at, name)
    select ${siteId}::integer, ${source}::text, ${type}::text, ${how}::text, ${toTimestamp(from)}::timestamptz, given.name
    from unnest(${names}::text[]) as given (name) on conflict do nothing`.execute(db);
}

export async function listNamed(db: Kysely<Database>, window: WindowName): Promise<Key[]> {
  const { rows } = await sql<{ name: Key }>`select name from open_window_name where ${isOf(window)}`.execute(db);
  return rows.map(({ name }) => name);
}

/** Keeps in mind which records a page gave that none before it did: `before` of them. */
export async function notePage(db: Kysely<Database>, window: WindowName, before: number, keys: readonly bigint[]): Promise<void> {
  if (keys.length === 0) return;
  const { siteId, source, type, how, from } = window;
  await sql`insert into open_window_page (site_id, source, type, how, from_at, given_before, record_keys)
    values (${siteId}, ${source}, ${type}, ${how}, ${toTimestamp(from)}::timestamptz, ${before}, ${keys}::bigint[])`.execute(db);
}

/** The records that its committed pages gave. */
export async function readPageKeys(db: Kysely<Database>, window: WindowName): Promise<DistinctKeys> {
  const { rows } = await sql<{ keys: bigint[] }>`select record_keys as keys from open_window_page where ${isOf(window)}`.execute(db);
  const distinct = new DistinctKeys();
  for (const { keys } of rows) for (const key of keys) distinct.add(key);
  return distinct;
}

/** What it named has been fetched, or cannot be had. */
export async function forgetNamed(db: Kysely<Database>, window: WindowName): Promise<void> {
  await sql`delete from open_window_name where ${isOf(window)}`.execute(db);
}

/** A window is to be begun anew. */
export async function forgetWindow(db: Kysely<Database>, window: WindowName): Promise<void> {
  await sql`delete from open_window where ${isOf(window)}`.execute(db);
  await sql`delete from open_window_page where ${isOf(window)}`.execute(db);
  await forgetNamed(db, window);
}

function isOf({ siteId, source, type, how, from }: WindowName): RawBuilder<boolean> {
  return sql<boolean>`site_id = ${siteId} and source = ${source} and type = ${type} and how = ${how}
    and from_at = ${toTimestamp(from)}::timestamptz`;
}

/** The windows of a feed that begin in this interval are settled. */
export async function closeWindows(db: Kysely<Database>, { siteId, source, type }: FeedName, { from, to }: Interval): Promise<void> {
  for (const table of ["open_window", "open_window_name", "open_window_page"]) {
    await sql`delete from ${sql.table(table)} where site_id = ${siteId} and source = ${source} and type = ${type}
      and from_at >= ${toTimestamp(from)}::timestamptz and from_at < ${toTimestamp(to)}::timestamptz`.execute(db);
  }
}
