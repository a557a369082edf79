import { sql } from "kysely";
import type { Connection } from "../../src/db/connect.ts";

/** A server ends the session of a process that died when it next looks at its socket: until then the site is locked. */
export async function waitForTheDead({ db, kind }: Connection): Promise<void> {
  for (let tries = 0; kind === "postgres" && tries < 1_000; tries++) {
    const { rows } =
      await sql`select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`.execute(
        db,
      );
    if (rows.length === 0) return;
  }
}
