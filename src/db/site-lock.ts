import { sql } from "kysely";
import { UserError } from "../domain/user-error.ts";
import type { Connection } from "./connect.ts";

/** Any number that no other lock of the database has as its first half. */
const siteLocks = 471_103;

/** Sites being worked on, by the embedded database that holds them: it belongs to this process, which may work on several. */
const embeddedLocks = new WeakMap<Connection["db"], Set<number>>();

/**
 * Runs `work` while nobody else reads or judges the same site, in this process or another. The lock is PostgreSQL's own,
 * so it ends with the process that holds it.
 * @throws UserError `site-being-scanned`
 */
export async function withSiteLock<T>(connection: Connection, siteId: number, site: string, work: () => Promise<T>): Promise<T> {
  const worked = await whenSiteIsFree(connection, siteId, work);
  if (worked) return worked.result;
  throw new UserError(
    "site-being-scanned",
    `The site "${site}" is being scanned now.`,
    "Wait until it has finished; its run is listed by: npm run -s followthrough -- doctor",
  );
}

/** The same; undefined, and nothing done, where somebody else holds the site. */
export async function whenSiteIsFree<T>(
  { db, kind }: Connection,
  siteId: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T } | undefined> {
  if (kind === "embedded") return whenFreeHere(db, siteId, work);
  return db.connection().execute(async (holder) => {
    const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_lock(${siteLocks}::integer, ${siteId}::integer) as taken`.execute(
      holder,
    );
    if (!rows[0]?.taken) return undefined;
    try {
      return { result: await work() };
    } finally {
      await sql`select pg_advisory_unlock(${siteLocks}::integer, ${siteId}::integer)`.execute(holder);
    }
  });
}

async function whenFreeHere<T>(db: Connection["db"], siteId: number, work: () => Promise<T>): Promise<{ readonly result: T } | undefined> {
  const held = embeddedLocks.get(db) ?? new Set();
  embeddedLocks.set(db, held);
  if (held.has(siteId)) return undefined;
  held.add(siteId);
  try {
    return { result: await work() };
  } finally {
    held.delete(siteId);
  }
}
