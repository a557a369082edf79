import { zstdDecompressSync } from "node:zlib";
import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Instant } from "../domain/instant.ts";

/** What could not be used, without its body. */
export interface Quarantined {
  readonly key: bigint;
  readonly site: string;
  readonly source: string;
  /** Resource type; absent where not even that can be told. */
  readonly type: string | undefined;
  readonly code: string;
  readonly reason: string;
  readonly file: string;
  readonly line: number;
  /** When the run that first met it started. */
  readonly since: Instant | undefined;
}

export interface QuarantineCount {
  readonly site: string;
  readonly code: string;
  readonly type: string | undefined;
  readonly count: number;
}

/** How many of each kind a site, or every site, has; most first. */
export async function countQuarantine(db: Kysely<Database>, siteId?: number): Promise<QuarantineCount[]> {
  const rows = await db
    .selectFrom("quarantine")
    .innerJoin("site", "site.site_id", "quarantine.site_id")
    .select(["site.name as site", "code", "type", sql<number>`count(*)::integer`.as("count")])
    .$if(siteId !== undefined, (query) => query.where("quarantine.site_id", "=", siteId ?? 0))
    .groupBy(["site.name", "code", "type"])
    .orderBy("count", "desc")
    .orderBy("site.name")
    .orderBy("code")
    .orderBy("type")
    .execute();
  return rows.map((row) => ({ ...row, type: row.type ?? undefined }));
}

/** The newest first: of the latest run that met something new, in the order of its files. */
export async function listQuarantine(
  db: Kysely<Database>,
  filter: { readonly siteId?: number; readonly limit: number },
): Promise<Quarantined[]> {
  const { siteId, limit } = filter;
  const rows = await selectQuarantined(db)
    .$if(siteId !== undefined, (query) => query.where("quarantine.site_id", "=", siteId ?? 0))
    .orderBy(sql`run.started_at desc nulls last`)
    .orderBy("file")
    .orderBy("line")
    .orderBy("quarantine_key")
    .limit(limit)
    .execute();
  return rows.map(toQuarantined);
}

export interface QuarantinedWhole extends Quarantined {
  /** As it was read; of what is too large the start. */
  readonly body: string;
  readonly eventAt: Instant | undefined;
}

export async function findQuarantined(db: Kysely<Database>, key: bigint): Promise<QuarantinedWhole | undefined> {
  const row = await selectQuarantined(db).select(["body", "event_at"]).where("quarantine_key", "=", key).executeTakeFirst();
  return row && toWhole(row);
}

/** The next page of a site, or of some keys of it, after a key. */
export async function pageQuarantine(
  db: Kysely<Database>,
  siteId: number,
  page: { readonly after: bigint | undefined; readonly keys?: readonly bigint[]; readonly limit: number },
): Promise<QuarantinedWhole[]> {
  const { after, keys, limit } = page;
  const rows = await selectQuarantined(db)
    .select(["body", "event_at"])
    .where("quarantine.site_id", "=", siteId)
    .$if(after !== undefined, (query) => query.where("quarantine_key", ">", after ?? 0n))
    .$if(keys !== undefined, (query) => query.where("quarantine_key", "=", sql<bigint>`any(${keys ?? []}::bigint[])`))
    .orderBy("quarantine_key")
    .limit(limit)
    .execute();
  return rows.map(toWhole);
}

const hourMs = 3_600_000;

/** Takes out what can be used now; its hours have that many unreadable resources less. */
export async function releaseQuarantined(
  db: Kysely<Database>,
  siteId: number,
  released: readonly Pick<QuarantinedWhole, "key" | "source" | "type" | "eventAt">[],
): Promise<void> {
  await withTransaction(db, async (transaction) => {
    const keys = released.map(({ key }) => key);
    const gone = await sql<{
      quarantine_key: bigint;
    }>`delete from quarantine where quarantine_key = any(${keys}::bigint[]) returning quarantine_key`.execute(transaction);
    const left = new Set(gone.rows.map((row) => row.quarantine_key));
    for (const { key, source, type, eventAt } of released) {
      if (type === undefined || eventAt === undefined || !left.has(key)) continue;
      const hour = toTimestamp(Math.floor(eventAt / hourMs) * hourMs);
      await sql`update feed_hour set changed = true, weighed = false, unreadable = greatest(unreadable - 1, 0)
        where site_id = ${siteId} and source = ${source} and type = ${type} and hour_at = ${hour}::timestamptz`.execute(transaction);
    }
  });
}

function selectQuarantined(db: Kysely<Database>) {
  return db
    .selectFrom("quarantine")
    .innerJoin("site", "site.site_id", "quarantine.site_id")
    .leftJoin("run", "run.run_id", "quarantine.first_run")
    .select(["quarantine_key", "site.name as site", "source", "type", "code", "reason", "file", "line", "run.started_at as since"]);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectQuarantined>["execute"]>>[number];

function toQuarantined({ quarantine_key: key, site, source, type, code, reason, file, line, since }: Row): Quarantined {
  return { key, site, source, type: type ?? undefined, code, reason, file, line, since: since ?? undefined };
}

function toWhole(row: Row & { body: Uint8Array; event_at: Instant | null }): QuarantinedWhole {
  return { ...toQuarantined(row), body: zstdDecompressSync(row.body).toString("utf8"), eventAt: row.event_at ?? undefined };
}
