import { sql } from "kysely";
import { toTimestamp } from "../db/timestamp.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Finding } from "../domain/finding.ts";
import type { Instant } from "../domain/instant.ts";
import { commandLineViewer } from "../domain/viewer.ts";
import type { Db } from "./db.ts";
import { describeFindings } from "./describe-findings.ts";
import { askFor } from "./finding-filter.ts";
import { readFindingRows } from "./finding-rows.ts";
import type { SealedEvidence } from "./sealed-evidence.ts";
import { lockStandings } from "./settle-standing.ts";

const findingsAtOnce = 200;

/**
 * Gives every finding of a site that opened up to the retention line a copy of what it rests on, before that may go. Whoever reviews it, or
 * looks at how it was reviewed, is shown the copy.
 */
export async function sealFindings(db: Db, siteId: number, line: Instant): Promise<void> {
  for (;;) {
    const sealed = await withTransaction(db, async (transaction) => {
      await lockStandings(transaction, siteId);
      const { rows: due } = await sql<{ loop_id: string }>`
        select loop_id from loop where site_id = ${siteId} and opened_at <= ${toTimestamp(line)}::timestamptz
          and sealed is null and verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch
        order by opened_at limit ${findingsAtOnce}`.execute(transaction);
      if (due.length === 0) return 0;
      const ids = due.map((row) => row.loop_id);
      // Everything is sealed, whoever may see it: what is shown of it is decided when it is.
      const asked = await askFor(transaction, { ids });
      const { rows } = await readFindingRows(transaction, commandLineViewer, asked, { limit: ids.length });
      const findings = await describeFindings(transaction, rows);
      await sql`update loop set sealed = copy.sealed from unnest(${rows.map((row) => row.patient_key)}::bigint[], ${rows.map((row) => row.loop_id)}::uuid[],
        ${findings.map((finding) => JSON.stringify(copyOf(finding)))}::jsonb[]) as copy (patient_key, loop_id, sealed)
        where loop.patient_key = copy.patient_key and loop.loop_id = copy.loop_id`.execute(transaction);
      return due.length;
    });
    if (sealed < findingsAtOnce) return;
  }
}

function copyOf({ patient, encounter, evidence, evidenceLeftOut, exclusions, restedOnDeleted }: Finding): SealedEvidence {
  return { patient, encounter, evidence, evidenceLeftOut, exclusions, restedOnDeleted };
}
