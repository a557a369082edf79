import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { unassignedTeam, type Viewer } from "../domain/viewer.ts";
import { allTeams } from "./loop-count.ts";
import { allOf, isInScope, isOneOf } from "./visible-loops.ts";

/** The signals in force at the viewer's sites, and the teams of loops that the viewer may see: what a filter can name. */
export async function listKnownNames(db: Kysely<Database>, viewer: Viewer): Promise<{ signals: string[]; teams: string[] }> {
  const isMine = allOf(viewer.sites === "all" ? [] : [isOneOf(sql<string>`site.name`, viewer.sites)]);
  const signals = await sql<{ signal: string }>`
    select distinct signal from signal_version join site on site.site_id = signal_version.site_id where ${isMine}`.execute(db);
  return {
    signals: signals.rows.map((row) => row.signal).sort(),
    teams: [...new Set([...(await listTeams(db, viewer)), unassignedTeam])].sort(),
  };
}

/** Of what is kept of each kind. */
async function listTeams(db: Kysely<Database>, viewer: Viewer): Promise<string[]> {
  const isShown = allOf([
    sql<boolean>`loop.team <> ${sql.lit(allTeams)} and loop.count > 0`,
    isInScope(viewer),
    ...(viewer.mayReadRestricted ? [] : [sql<boolean>`not loop.restricted`]),
  ]);
  const { rows } = await sql<{ team: string }>`select distinct team from loop_count as loop where ${isShown}`.execute(db);
  return rows.map((row) => row.team);
}
