import { sql } from "kysely";
import { UserError } from "../domain/user-error.ts";
import type { Connection } from "./connect.ts";

/** Any number that no other lock of the database has as its first half. */
const siteLocks = 471_103;

/**
 * Runs `work` while no other process reads or judges the same site. The lock is PostgreSQL's own, so it ends with the
 * process that holds it; the embedded database belongs to one process at a time anyway.
 * @throws UserError `site-being-scanned`
 */
export async function withSiteLock<T>({ db, kind }: Connection, siteId: number, site: string, work: () => Promise<T>): Promise<T> {
  if (kind === "embedded") return work();
  return db.connection().execute(async (holder) => {
    const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_lock(${siteLocks}::integer, ${siteId}::integer) as taken`.execute(
      holder,
    );
    if (!rows[0]?.taken) {
      throw new UserError(
        "site-being-scanned",
        `Another process is scanning the site "${site}" now.`,
        "Wait until it has finished; its run is listed by: npm run -s followthrough -- doctor",
      );
    }
    try {
      return await work();
    } finally {
      await sql`select pg_advisory_unlock(${siteLocks}::integer, ${siteId}::integer)`.execute(holder);
    }
  });
}
