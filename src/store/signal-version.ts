import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";
import type { Signal } from "../domain/signal.ts";
import { UserError } from "../domain/user-error.ts";

export interface SignalVersion {
  readonly from: Instant;
  readonly signal: Signal;
}

/**
 * Takes a site's current definitions into its history: the first version of a signal is in force for all time, a newer
 * one from the scan that first used it. Returns every version of these signals, oldest first.
 * @throws UserError `signal-changed` where the logic differs under a version that is already in force
 */
export async function takeSignalsInForce(
  db: Kysely<Database>,
  siteId: number,
  signals: readonly { signal: Signal; logicHash: string }[],
  now: Instant,
): Promise<{ id: string; versions: SignalVersion[] }[]> {
  const held = await db.selectFrom("signal_version").selectAll().where("site_id", "=", siteId).orderBy("version").execute();
  const histories: { id: string; versions: SignalVersion[] }[] = [];
  for (const { signal, logicHash } of signals) {
    const known = held.filter((row) => row.signal === signal.id);
    const same = known.find((row) => row.version === signal.version);
    if (same && same.logic_hash !== logicHash) {
      throw new UserError(
        "signal-changed",
        `The signal "${signal.id}" says something else than when version ${String(signal.version)} of it came into force at this site.`,
        `Give it a new version number: past loops keep the definition they were judged by.`,
      );
    }
    const from = known.length === 0 ? -Infinity : now;
    if (!same) {
      await db
        .insertInto("signal_version")
        .values({
          site_id: siteId,
          signal: signal.id,
          version: signal.version,
          logic_hash: logicHash,
          definition: JSON.stringify(signal),
          in_force_from: toTimestamp(from),
        })
        .execute();
    }
    const before = known.filter((row) => row.version < signal.version).map((row) => ({ from: row.in_force_from, signal: row.definition }));
    // Titles and other prose may be mended without a new version: the file's own words are shown.
    histories.push({ id: signal.id, versions: [...before, { from: same?.in_force_from ?? from, signal }] });
  }
  return histories;
}

/** The definition that a loop was judged by; undefined where the site never had it in force. */
export async function findSignalVersion(db: Kysely<Database>, site: string, id: string, version: number): Promise<Signal | undefined> {
  const row = await db
    .selectFrom("signal_version")
    .innerJoin("site", "site.site_id", "signal_version.site_id")
    .select("definition")
    .where("site.name", "=", site)
    .where("signal", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return row?.definition;
}
