import { UserError } from "../domain/user-error.ts";
import type { Connection } from "./connect.ts";
import { throwFailure } from "./database-failure.ts";

/** Any number that no other lock of the database has as its first half. */
const siteLocks = 471_103;

/** Sites being worked on, by the embedded database that holds them: it belongs to this process, which may work on several. */
const embeddedLocks = new WeakMap<Connection["db"], Set<number>>();

/**
 * Runs `work` while nobody else reads or judges the same site, in this process or another. The lock is PostgreSQL's own,
 * so it ends with the process that holds it; and the process with it: who went on without would not be alone for long.
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
  { db, kind, lease }: Connection,
  siteId: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T } | undefined> {
  if (kind === "embedded") return whenFreeHere(db, siteId, work);
  const holder = await lease();
  // Nobody catches what is thrown here: the process ends.
  holder.on("error", throwFailure);
  try {
    const key = [siteLocks, siteId];
    const taken = await holder
      .query<{ taken: boolean }>("select pg_try_advisory_lock($1::integer, $2::integer) as taken", key)
      .catch(throwFailure);
    if (!taken.rows[0]?.taken) return undefined;
    try {
      return { result: await work() };
    } finally {
      await holder.query("select pg_advisory_unlock($1::integer, $2::integer)", key).catch(throwFailure);
    }
  } finally {
    holder.off("error", throwFailure);
    holder.release();
  }
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
