import { sql } from "kysely";
import type { Db } from "./db.ts";

/**
 * The sites of which no record and no verdict changes now, by name, each with a number that is another one once any has changed. Reviews
 * change neither. Under `everySite` stand all of them together, while all are quiet.
 */
export type QuietSites = ReadonlyMap<string, string>;

/** No site has an empty name. */
export const everySite = "";

/** Of whoever asks once: nothing is remembered, and all is read anew. */
export const noneQuiet: QuietSites = new Map();

/** To be read before what is remembered under it: what is read later may be newer than its number, never older. */
export async function readQuietSites(db: Db): Promise<QuietSites> {
  if (db.isTransaction) return noneQuiet;
  const { rows } = await sql<{ name: string; runs: number; is_quiet: boolean }>`
    select name, runs, not exists (select from run where run.site_id = site.site_id and run.state = 'running') as is_quiet
    from site order by name`.execute(db);
  const quiet = rows.filter((row) => row.is_quiet).map(({ name, runs }) => [name, String(runs)] as const);
  return new Map(quiet.length === rows.length ? [...quiet, [everySite, JSON.stringify(quiet)]] : quiet);
}
