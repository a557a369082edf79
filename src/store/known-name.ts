import { sql, type Kysely, type RawBuilder } from "kysely";
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

/** From one team to the next by the index: there are hundreds, in tens of thousands of counts. */
async function listTeams(db: Kysely<Database>, viewer: Viewer): Promise<string[]> {
  const next = (after: RawBuilder<unknown>): RawBuilder<unknown> => sql`(select min(team) from loop_count
    where loop_count.site_id = site.site_id and loop_count.team > ${after})`;
  const isShown = allOf([
    sql<boolean>`loop.site_id = found.site_id and loop.team = found.team and loop.count > 0`,
    isInScope(viewer),
    ...(viewer.mayReadRestricted ? [] : [sql<boolean>`not loop.restricted`]),
  ]);
  const { rows } = await sql<{ team: string }>`
    with recursive found (site_id, team) as (
      select site.site_id, ${next(sql.lit(allTeams))} from site
      union all select found.site_id, ${next(sql`found.team`)} from found join site on site.site_id = found.site_id where found.team is not null)
    select distinct found.team from found where found.team is not null and exists (select from loop_count as loop where ${isShown})`.execute(
    db,
  );
  return rows.map((row) => row.team);
}
