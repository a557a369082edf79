import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";
import type { Viewer } from "../domain/viewer.ts";

export interface Look {
  /** Where the findings were shown: `findings --json`, a page … */
  readonly how: string;
  readonly loopIds: readonly string[];
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
  const loopIds = [...new Set(look.loopIds)];
  if (loopIds.length === 0) return;
  // As many ids as there could be sites.
  const ids = loopIds.map(() => makeId());
  await sql`
    insert into look (look_id, site_id, viewer, at, how, loops)
    select (${ids}::uuid[])[row_number() over (order by site_id)], site_id, ${viewer.person}::text, ${toTimestamp(look.at)}::timestamptz, ${look.how}::text,
      array_agg(distinct loop_id)
    from loop where loop_id = any(${loopIds}::uuid[]) group by site_id`.execute(db);
}
