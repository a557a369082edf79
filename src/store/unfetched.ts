import type { Kysely } from "kysely";
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
  await db
    .insertInto("unfetched")
    .values(asked.map(({ what, name }) => ({ site_id: siteId, source, what, name, reason, tries: 1 })))
    .onConflict((conflict) =>
      conflict
        .columns(["site_id", "source", "what", "name"])
        .doUpdateSet((row) => ({ reason: row.ref("excluded.reason"), tries: row("unfetched.tries", "+", 1) })),
    )
    .execute();
}

/** So many at most, those first that were asked for least. */
export async function listUnfetched(db: Kysely<Database>, { siteId, source }: ServerName, most: number): Promise<Unfetched[]> {
  return db
    .selectFrom("unfetched")
    .select(["what", "name"])
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .orderBy("tries")
    .orderBy("what")
    .orderBy("name")
    .limit(most)
    .execute();
}

export async function countUnfetched(db: Kysely<Database>, { siteId, source }: ServerName): Promise<number> {
  const { count } = await db
    .selectFrom("unfetched")
    .select(({ fn }) => fn.countAll().as("count"))
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .executeTakeFirstOrThrow();
  return Number(count);
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
