import type { Kysely } from "kysely";
import type { Connection } from "../db/connect.ts";
import type { Database } from "../db/schema.ts";
import { withSiteLock } from "../db/site-lock.ts";
import { getSite } from "../store/site.ts";

/** Does what would change a site in one transaction that is rolled back, and tells what came of it: nothing is written. */
export async function tryOut<Result extends object>(
  connection: Connection,
  name: string,
  work: (db: Kysely<Database>) => Promise<Result>,
): Promise<Result> {
  const site = await getSite(connection.db, name);
  return withSiteLock(connection, site.siteId, site.name, async () => {
    const rolledBack = new RolledBack();
    let result: Result | undefined;
    try {
      return await connection.db.transaction().execute(async (transaction) => {
        result = await work(transaction);
        throw rolledBack;
      });
    } catch (error) {
      if (error === rolledBack && result) return result;
      throw error;
    }
  });
}

class RolledBack extends Error {}
