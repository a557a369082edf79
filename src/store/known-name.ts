import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { unassignedTeam, type Viewer } from "../domain/viewer.ts";
import { allOf, isOneOf, judgedLoops, mayBeSeen, teamOfLoop } from "./visible-loops.ts";

/** The signals in force at the viewer's sites, and the teams of loops that the viewer may see: what a filter can name. */
export async function listKnownNames(db: Kysely<Database>, viewer: Viewer): Promise<{ signals: string[]; teams: string[] }> {
  const isMine = allOf(viewer.sites === "all" ? [] : [isOneOf(sql<string>`site.name`, viewer.sites)]);
  const signals = await sql<{ signal: string }>`
    select distinct signal from signal_version join site on site.site_id = signal_version.site_id where ${isMine}`.execute(db);
  const teams = await sql<{ team: string }>`select distinct ${teamOfLoop} as team from ${judgedLoops} where ${mayBeSeen(viewer)}`.execute(
    db,
  );
  return {
    signals: signals.rows.map((row) => row.signal).sort(),
    teams: [...new Set([...teams.rows.map((row) => row.team), unassignedTeam])].sort(),
  };
}
