import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Instant } from "../domain/instant.ts";
import { releaseQuarantined } from "../store/quarantine.ts";
import { writtenOnce } from "./pulled-types.ts";

/**
 * Takes out of quarantine what has been read well since, or was before: the same version (by its version id) of the same
 * record; of what is written once, any version. A later version of anything else leaves it: what the unreadable one said,
 * such as that the Task was completed then, is still not known.
 */
export async function releaseSuperseded(db: Kysely<Database>, siteId: number): Promise<void> {
  const { rows } = await sql<{ key: bigint; source: string; type: string | null; eventAt: Instant | null }>`
    select quarantine_key as key, source, type, event_at as "eventAt" from quarantine
    where site_id = ${siteId} and resource_key is not null and exists (
      select from resource_version as held where held.resource_key = quarantine.resource_key
        and (held.version_key = quarantine.version_key or quarantine.type = any(${[...writtenOnce]}::text[])))`.execute(db);
  if (rows.length === 0) return;
  const released = rows.map(({ key, source, type, eventAt }) => ({ key, source, type: type ?? undefined, eventAt: eventAt ?? undefined }));
  await releaseQuarantined(db, siteId, released);
}
