import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import type { JudgedWith } from "../db/judged-with.ts";
import type { Database } from "../db/schema.ts";
import type { SiteView } from "../detect/detection.ts";
import { seenBy } from "../detect/gaps.ts";
import type { SiteSettings } from "./site-view.ts";

/** What the judgement of the whole site rests on. */
export async function judgedWith(db: Kysely<Database>, settings: SiteSettings, view: SiteView): Promise<JudgedWith> {
  const quarantined = await db
    .selectFrom("quarantine")
    .select("quarantine_key")
    .where("site_id", "=", settings.siteId)
    .orderBy("quarantine_key")
    .execute();
  const signals = settings.signals.map((history) => [
    history.id,
    // Whole, for a basis and a title are written to the loops too.
    history.versions.map(({ from, signal }) => [String(from), signal]),
  ]);
  return {
    feeds: Object.fromEntries(
      [...view.feeds].sort().map(([type, feed]) => [type, seenBy(feed).map(({ from, to }) => [from, to] as const)]),
    ),
    closingSeen: [...view.closingSeen].sort(),
    watchFrom: Number.isFinite(view.watchFrom) ? view.watchFrom : null,
    settings: createHash("sha256")
      .update(
        JSON.stringify([
          signals,
          view.signals.map((history) => history.id),
          settings.blindAfterMs,
          settings.madeFrom,
          [...settings.teams].sort(),
        ]),
      )
      .digest("hex"),
    quarantined: quarantined.map((row) => String(row.quarantine_key)),
  };
}
