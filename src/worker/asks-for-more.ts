import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Activity } from "../domain/activity.ts";
import { listWanted, usuallyWanted, type Wanted } from "../domain/wanted.ts";

/** Whether care events are wanted that were not made of what is held when the site was last judged: then all of it is related anew. */
export async function asksForMore(db: Kysely<Database>, siteId: number, wanted: Wanted, copied: ReadonlySet<Activity>): Promise<boolean> {
  const { judged_with } = await db.selectFrom("site").select("judged_with").where("site_id", "=", siteId).executeTakeFirstOrThrow();
  const made = new Set(judged_with?.wanted ?? listWanted(usuallyWanted));
  const isMade = (text: string): boolean => made.has(text) || made.has(`${text.slice(0, text.indexOf(" "))} all`);
  return !listWanted(wanted, copied).every(isMade);
}
