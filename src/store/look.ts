import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Finding } from "../domain/finding.ts";
import type { Instant } from "../domain/instant.ts";
import type { Viewer } from "../domain/viewer.ts";

export interface Look {
  /** Where the findings were shown: `findings --json`, a page … */
  readonly how: string;
  readonly shown: readonly Pick<Finding, "id" | "site">[];
  readonly at: Instant;
}

/** Records that a viewer was shown a resource in quarantine whole; written before it is shown. */
export async function recordQuarantineLook(
  db: Kysely<Database>,
  viewer: Viewer,
  look: { readonly id: string; readonly siteId: number; readonly key: bigint; readonly how: string; readonly at: Instant },
): Promise<void> {
  const { id, siteId, key, how, at } = look;
  await insertRows(
    db,
    "look",
    { look_id: "uuid", site_id: "integer", viewer: "text", at: "timestamptz", how: "text", loops: "uuid[]", quarantined: "bigint[]" },
    [{ look_id: id, site_id: siteId, viewer: viewer.person, at, how, loops: [], quarantined: [key] }],
  );
}

/** Records that a viewer was shown these findings, one row a site; written before they are shown. Nothing shown is no look. */
export async function recordLook(db: Kysely<Database>, viewer: Viewer, look: Look, makeId: () => string): Promise<void> {
  const bySite = [...Map.groupBy(look.shown, ({ site }) => site)];
  if (bySite.length === 0) return;
  const loops = bySite.map(([, ofSite]) => `{${[...new Set(ofSite.map(({ id }) => id))].sort().join(",")}}`);
  const { numAffectedRows } = await sql`
    insert into look (look_id, site_id, viewer, at, how, loops)
    select given.look_id, site.site_id, ${viewer.person}::text, ${toTimestamp(look.at)}::timestamptz, ${look.how}::text, given.loops::uuid[]
    from unnest(${bySite.map(() => makeId())}::uuid[], ${bySite.map(([site]) => site)}::text[], ${loops}::text[]) as given (look_id, site, loops)
      join site on site.name = given.site`.execute(db);
  if (numAffectedRows !== BigInt(bySite.length)) throw new Error("a look at the findings of some site could not be recorded");
}

/** Forgets who looked at the findings of a site before an instant: the period for which looks are kept is a site's own. */
export async function forgetLooks(db: Kysely<Database>, siteId: number, before: Instant): Promise<void> {
  await sql`delete from look where at < ${toTimestamp(before)}::timestamptz and site_id = ${siteId}`.execute(db);
}
