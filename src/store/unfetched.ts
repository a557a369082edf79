import type { Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";

/** What a server was asked for by an id and failed to give. */
export interface Unfetched {
  readonly what: "record" | "versions";
  /** `Type/id`. */
  readonly name: string;
}

interface ServerName {
  readonly siteId: number;
  readonly source: string;
}

export async function noteUnfetched(
  db: Kysely<Database>,
  { siteId, source }: ServerName,
  asked: readonly Unfetched[],
  reason: string,
): Promise<void> {
  await insertRows(
    db,
    "unfetched",
    { site_id: "integer", source: "text", what: "text", name: "text", reason: "text" },
    asked.map(({ what, name }) => ({ site_id: siteId, source, what, name, reason })),
    { onConflict: { columns: ["site_id", "source", "what", "name"], update: ["reason"] } },
  );
}

export async function listUnfetched(db: Kysely<Database>, { siteId, source }: ServerName): Promise<(Unfetched & { reason: string })[]> {
  return db
    .selectFrom("unfetched")
    .select(["what", "name", "reason"])
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .orderBy("what")
    .orderBy("name")
    .execute();
}

export async function forgetUnfetched(db: Kysely<Database>, { siteId, source }: ServerName, { what, name }: Unfetched): Promise<void> {
  await db
    .deleteFrom("unfetched")
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .where("what", "=", what)
    .where("name", "=", name)
    .execute();
}
