import { sql, type RawBuilder } from "kysely";
import type { Viewer } from "../domain/viewer.ts";
import { teamsOf, tiersOf, unassignedTeam } from "../domain/viewer.ts";

export type Condition = RawBuilder<boolean>;

export const tierOfLoop = sql<string>`loop.tier`;
export const teamOfLoop = sql<string>`coalesce(loop.team, ${sql.lit(unassignedTeam)})`;

/** The record that a loop is about, or its patient, bears the label. */
export function isLabelled(label: "restricted" | "test"): Condition {
  return sql<boolean>`loop.${sql.ref(label)}`;
}

/** The viewer's sites, teams and tiers. What is restricted is in scope too: it is counted, and only shown by `mayBeSeen`. */
export function isInScope(viewer: Viewer): Condition {
  const teams = teamsOf(viewer);
  return allOf([
    sql<boolean>`not loop.before_watch`,
    isOneOf(tierOfLoop, tiersOf(viewer)),
    ...(viewer.sites === "all" ? [] : [isAtSite(viewer.sites)]),
    ...(teams === "all" ? [] : [isOneOf(teamOfLoop, teams)]),
  ]);
}

export function mayBeSeen(viewer: Viewer): Condition {
  return viewer.mayReadRestricted ? isInScope(viewer) : allOf([isInScope(viewer), sql<boolean>`not ${isLabelled("restricted")}`]);
}

function isAtSite(names: readonly string[]): Condition {
  return sql<boolean>`loop.site_id = any(array(select site_id from site where ${isOneOf(sql<string>`name`, names)}))`;
}

/** One value is told apart, for only then can an index give the order of a page. */
export function isOneOf(column: RawBuilder<string>, values: readonly string[]): Condition {
  if (values.length === 1) return sql<boolean>`${column} = ${values[0]}`;
  return sql<boolean>`${column} = any(${[...values]}::text[])`;
}

export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}
