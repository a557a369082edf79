import { sql } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Status } from "../domain/status.ts";
import type { Tier, Urgency, Verdict } from "../domain/verdict.ts";
import { unassignedTeam } from "../domain/viewer.ts";
import type { Db } from "./db.ts";

/** What of a loop it is counted by. */
export interface CountedLoop {
  readonly team: string | null;
  readonly signal: string;
  readonly signal_version: number;
  readonly tier: Tier;
  readonly verdict: Verdict;
  readonly status: Status;
  readonly urgency: Urgency | null;
  readonly restricted: boolean;
  readonly test: boolean;
  readonly before_watch: boolean;
}

/** Under this name stand the loops of all teams together. */
export const allTeams = "*";

const keyColumns = {
  site_id: "integer",
  team: "text",
  signal: "text",
  signal_version: "integer",
  tier: "text",
  verdict: "text",
  status: "text",
  urgency: "text",
  unassigned: "boolean",
  restricted: "boolean",
  test: "boolean",
  before_watch: "boolean",
};

/** Takes away the loops that were, and adds those that are; whoever calls it holds the site's standings (`lockStandings`). */
export async function changeCounts(db: Db, siteId: number, were: readonly CountedLoop[], are: readonly CountedLoop[]): Promise<void> {
  const changes = new Map<string, { key: readonly unknown[]; count: number }>();
  const add = (loops: readonly CountedLoop[], count: number): void => {
    for (const key of loops.flatMap((loop) => keysOf(siteId, loop))) {
      const text = JSON.stringify(key);
      const change = changes.get(text) ?? { key, count: 0 };
      change.count += count;
      changes.set(text, change);
    }
  };
  add(were, -1);
  add(are, 1);
  const names = Object.keys(keyColumns);
  const rows = [...changes.values()]
    .filter(({ count }) => count !== 0)
    .map(({ key, count }) => ({ ...Object.fromEntries(names.map((name, place) => [name, key[place]])), count }));
  if (rows.length === 0) return;
  await insertRows(db, "loop_count", { ...keyColumns, count: "integer" }, rows, {
    onConflict: { columns: names, update: [], add: ["count"] },
  });
}

/** Once of its team, once of all. */
function keysOf(siteId: number, loop: CountedLoop): unknown[][] {
  const team = loop.team ?? unassignedTeam;
  return [allTeams, team].map((each) => [
    siteId,
    each,
    loop.signal,
    loop.signal_version,
    loop.tier,
    loop.verdict,
    loop.status,
    loop.urgency ?? "",
    team === unassignedTeam,
    loop.restricted,
    loop.test,
    loop.before_watch,
  ]);
}

/** Kinds of which there is none any more. */
export async function dropEmptyCounts(db: Db, siteId: number): Promise<void> {
  await sql`delete from loop_count where site_id = ${siteId} and count = 0`.execute(db);
}
