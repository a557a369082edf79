import type { Selectable } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { FeedStatement } from "../domain/feed-statement.ts";
import type { Instant } from "../domain/instant.ts";
import { UserError } from "../domain/user-error.ts";
import type { Viewer } from "../domain/viewer.ts";
import { listFeeds } from "./coverage.ts";
import type { Db } from "./db.ts";

/** What was said and not taken back, by its time. */
export async function listFeedStatements(db: Db, siteId: number): Promise<FeedStatement[]> {
  const rows = await db.selectFrom("feed_statement").selectAll().where("site_id", "=", siteId).orderBy("from_at").orderBy("at").execute();
  const undone = new Set(rows.map((row) => row.undoes));
  return rows.filter((row) => row.says !== "undone" && !undone.has(row.statement_id)).map(toStatement);
}

function toStatement(row: Selectable<Database["feed_statement"]>): FeedStatement {
  const { statement_id, source, type, from_at, to_at, reason, actor, at } = row;
  const says = row.says === "outage" ? "outage" : "silence-accepted";
  return { id: statement_id, says, source, ...(type !== "" && { type }), from: from_at, to: to_at, reason, actor, at };
}

/**
 * Records what a person says of a feed's time; the next scan judges by it. Sent again with its id, it is the same.
 * @throws UserError `reason-needed`, `feed-unknown`, `not-an-interval`
 */
export async function addFeedStatement(db: Db, siteId: number, statement: FeedStatement): Promise<void> {
  const { id, says, source, type = "", from, to, reason, actor, at } = statement;
  if (reason.trim() === "") throw reasonNeeded();
  if (!(from < to)) throw new UserError("not-an-interval", "It ends before it begins.", "Give a beginning and a later end.");
  const feeds = await listFeeds(db, siteId);
  if (!feeds.some((feed) => feed.source === source && (type === "" || feed.type === type))) throw feedUnknown(source, type, feeds);
  await insert(db, { id, siteId, says, source, type, from, to, reason: reason.trim(), actor, at, undoes: null });
}

/**
 * Takes back what was said of a site that the viewer may see: both stay on record.
 * @throws UserError `statement-not-found`, `reason-needed`
 */
export async function undoFeedStatement(
  db: Db,
  { person: actor, sites }: Viewer,
  undo: { readonly undoes: string; readonly id: string; readonly reason: string; readonly at: Instant },
): Promise<void> {
  if (undo.reason.trim() === "") throw reasonNeeded();
  let query = db
    .selectFrom("feed_statement")
    .innerJoin("site", "site.site_id", "feed_statement.site_id")
    .selectAll("feed_statement")
    .where("statement_id", "=", undo.undoes);
  if (sites !== "all") query = query.where("site.name", "in", sites.length === 0 ? [""] : sites);
  const row = await query.executeTakeFirst();
  const isUndone = await db.selectFrom("feed_statement").select("statement_id").where("undoes", "=", undo.undoes).executeTakeFirst();
  if (!row || row.says === "undone" || isUndone)
    throw new UserError("statement-not-found", "Nothing of that id is in force.", "Take an id from what `outages list` shows.");
  const { site_id: siteId, source, type, from_at: from, to_at: to } = row;
  await insert(db, { ...undo, actor, siteId, says: "undone", source, type, from, to, reason: undo.reason.trim() });
}

interface Written {
  readonly id: string;
  readonly siteId: number;
  readonly says: Database["feed_statement"]["says"];
  readonly source: string;
  readonly type: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly reason: string;
  readonly actor: string;
  readonly at: Instant;
  readonly undoes: string | null;
}

async function insert(db: Db, { id, siteId, from, to, at, ...rest }: Written): Promise<void> {
  await db
    .insertInto("feed_statement")
    .values({
      statement_id: id,
      site_id: siteId,
      from_at: toTimestamp(from),
      to_at: toTimestamp(to),
      at: toTimestamp(at),
      says: rest.says,
      source: rest.source,
      type: rest.type,
      reason: rest.reason,
      actor: rest.actor,
      undoes: rest.undoes,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function reasonNeeded(): UserError {
  return new UserError("reason-needed", "Nothing says why.", "Say in a few words why: whoever reads it next was not there.");
}

function feedUnknown(source: string, type: string, feeds: readonly { readonly source: string; readonly type: string }[]): UserError {
  const what = type === "" ? `source "${source}"` : `feed ${type} from "${source}"`;
  const known = [...new Set(feeds.map((feed) => (type === "" ? feed.source : `${feed.type} from ${feed.source}`)))];
  return new UserError("feed-unknown", `This site has no ${what}.`, known.length === 0 ? "Scan it first." : `It has: ${known.join(", ")}.`);
}
