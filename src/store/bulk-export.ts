import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Instant } from "../domain/instant.ts";

/** A server of a site. */
export interface SourceName {
  readonly siteId: number;
  readonly source: string;
}

/** What a server is asked to export. */
export interface ExportOrder {
  /** `system`, `patient` or `group/ID`. */
  readonly level: string;
  /** Empty: whatever the server has. */
  readonly types: readonly string[];
  /** `_since`; -Infinity: everything. */
  readonly since: Instant;
}

/** The export of a source that is under way. */
export interface HeldExport extends ExportOrder {
  readonly pollUrl: string;
  readonly begunAt: Instant;
  /** Undefined until the server has made its files. */
  readonly transactionAt: Instant | undefined;
  /** All of it is stored and credited: only the server is still to be told to delete it. */
  readonly ended: boolean;
  /** Runs in which some file was not given. */
  readonly tries: number;
}

/** A file of the export, and how far it is stored. */
export interface HeldFile {
  /** From 0, in the order in which they are read. */
  readonly place: number;
  readonly kind: "output" | "deleted" | "error";
  readonly type: string;
  readonly url: string;
  readonly withToken: boolean;
  /** Resources, as the manifest says. */
  readonly expected: number | undefined;
  /** The last line that is stored. */
  readonly line: number;
  /** Resources up to there. */
  readonly counted: number;
  readonly done: boolean;
}

export async function findExport(db: Kysely<Database>, { siteId, source }: SourceName): Promise<HeldExport | undefined> {
  const row = await db.selectFrom("bulk_export").selectAll().where("site_id", "=", siteId).where("source", "=", source).executeTakeFirst();
  return (
    row && {
      level: row.level,
      types: row.types,
      since: row.since_at ?? -Infinity,
      pollUrl: row.poll_url,
      begunAt: row.begun_at,
      transactionAt: row.transaction_at ?? undefined,
      ended: row.ended,
      tries: row.tries,
    }
  );
}

/** Keeps where to ask after an export, so that a process that dies leaves it to the next one. */
export async function keepExport(
  db: Kysely<Database>,
  { siteId, source }: SourceName,
  begun: ExportOrder & { readonly pollUrl: string; readonly begunAt: Instant },
): Promise<void> {
  const since = begun.since === -Infinity ? null : toTimestamp(begun.since);
  await sql`insert into bulk_export (site_id, source, level, types, since_at, poll_url, begun_at, transaction_at, ended, tries)
    values (${siteId}, ${source}, ${begun.level}, ${[...begun.types]}::text[], ${since}::timestamptz, ${begun.pollUrl},
      ${toTimestamp(begun.begunAt)}::timestamptz, null, false, 0)`.execute(db);
}

/** Keeps what the server made: when it was taken, and the files. */
export async function keepManifest(
  db: Kysely<Database>,
  { siteId, source }: SourceName,
  transactionAt: Instant,
  files: readonly Pick<HeldFile, "kind" | "type" | "url" | "withToken" | "expected">[],
): Promise<void> {
  await withTransaction(db, async (transaction) => {
    await transaction
      .updateTable("bulk_export")
      .set({ transaction_at: toTimestamp(transactionAt) })
      .where("site_id", "=", siteId)
      .where("source", "=", source)
      .execute();
    await insertRows(
      transaction,
      "bulk_file",
      {
        site_id: "integer",
        source: "text",
        place: "integer",
        kind: "text",
        type: "text",
        url: "text",
        with_token: "boolean",
        expected: "integer",
        line: "integer",
        counted: "integer",
        done: "boolean",
      },
      files.map(({ withToken: with_token, ...file }, place) => {
        return { site_id: siteId, source, place, ...file, with_token, line: 0, counted: 0, done: false };
      }),
    );
  });
}

export async function listFiles(db: Kysely<Database>, { siteId, source }: SourceName): Promise<HeldFile[]> {
  const rows = await db
    .selectFrom("bulk_file")
    .selectAll()
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .orderBy("place")
    .execute();
  return rows.map(({ site_id: _site, source: _source, with_token: withToken, expected, ...file }) => {
    return { ...file, withToken, expected: expected ?? undefined };
  });
}

/** Up to where a file is stored: written when it is, so that a process that dies goes on there. */
export async function keepPlace(
  db: Kysely<Database>,
  { siteId, source }: SourceName,
  { place, line, counted, done }: Pick<HeldFile, "place" | "line" | "counted" | "done">,
): Promise<void> {
  await db
    .updateTable("bulk_file")
    .set({ line, counted, done })
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .where("place", "=", place)
    .execute();
}

/** Of a type not all was exported, as an error file says; `*`: of none. */
export async function noteNotExported(db: Kysely<Database>, { siteId, source }: SourceName, type: string, reason: string): Promise<void> {
  await db
    .insertInto("bulk_error")
    .values({ site_id: siteId, source, type, reason })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function listNotExported(db: Kysely<Database>, { siteId, source }: SourceName): Promise<{ type: string; reason: string }[]> {
  return db
    .selectFrom("bulk_error")
    .select(["type", "reason"])
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .orderBy("type")
    .execute();
}

/** Under which what a server says of what it left out is kept in quarantine. */
export const leftOutCode = "left-out";

/** What a server said that it had left out, it has given since. */
export async function releaseLeftOut(db: Kysely<Database>, { siteId, source }: SourceName): Promise<void> {
  await db.deleteFrom("quarantine").where("site_id", "=", siteId).where("source", "=", source).where("code", "=", leftOutCode).execute();
}

/** All of the export is stored. */
export async function noteEnded(db: Kysely<Database>, { siteId, source }: SourceName): Promise<void> {
  await db.updateTable("bulk_export").set({ ended: true }).where("site_id", "=", siteId).where("source", "=", source).execute();
}

/** One more run in which some file was not given. */
export async function noteTry(db: Kysely<Database>, { siteId, source }: SourceName): Promise<void> {
  await db
    .updateTable("bulk_export")
    .set((row) => ({ tries: row("tries", "+", 1) }))
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .execute();
}

/** The export is over, or the server knows it no more. */
export async function forgetExport(db: Kysely<Database>, { siteId, source }: SourceName): Promise<void> {
  await withTransaction(db, async (transaction) => {
    for (const table of ["bulk_export", "bulk_file", "bulk_error"] as const) {
      await transaction.deleteFrom(table).where("site_id", "=", siteId).where("source", "=", source).execute();
    }
  });
}
