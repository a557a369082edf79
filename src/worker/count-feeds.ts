import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { together } from "../db/together.ts";
import type { Instant } from "../domain/instant.ts";
import type { PullScope } from "./pull-scope.ts";
import type { StoredVersion } from "./stored-version.ts";
import type { Refusal } from "./store-refusals.ts";

const hourMs = 3_600_000;

/** Counts of one feed in one run: read = stored + duplicate + quarantined + expired + skipped. */
export interface FeedCounts {
  readonly stored: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly expired: number;
  readonly skipped: number;
}

/** Counts by resource type, to be added to those of the run. */
export type CountsByType = Map<string, FeedCounts>;

const none: FeedCounts = { stored: 0, duplicate: 0, quarantined: 0, expired: 0, skipped: 0 };

export function addCount(counts: CountsByType, type: string, name: keyof FeedCounts, by = 1): void {
  const held = counts.get(type) ?? none;
  counts.set(type, { ...held, [name]: held[name] + by });
}

/** Adds to the counts of the run: committed with what they count, so that they hold whenever the process dies. */
export async function writeCounts(db: Kysely<Database>, scope: PullScope, counts: CountsByType): Promise<void> {
  await together(
    Array.from(counts, async ([type, { stored, duplicate, quarantined, expired, skipped }]) => {
      const read = stored + duplicate + quarantined + expired + skipped;
      await sql`insert into run_feed as held (run_id, source, type, read, stored, duplicate, quarantined, expired, skipped)
        values (${scope.runId}, ${scope.source}, ${type}, ${read}, ${stored}, ${duplicate}, ${quarantined}, ${expired}, ${skipped})
        on conflict (run_id, source, type) do update set read = held.read + excluded.read, stored = held.stored + excluded.stored,
          duplicate = held.duplicate + excluded.duplicate, quarantined = held.quarantined + excluded.quarantined,
          expired = held.expired + excluded.expired, skipped = held.skipped + excluded.skipped`.execute(db);
    }),
  );
}

interface HourOfType {
  readonly type: string;
  readonly hour_at: Instant;
  understood: number;
  unreadable: number;
}

/** Resources by hour of their event time: a silent or unreadable hour is told from these. */
export async function countHours(
  db: Kysely<Database>,
  scope: PullScope,
  fresh: readonly StoredVersion[],
  refused: readonly Refusal[],
): Promise<void> {
  const hours = new Map<string, Map<Instant, HourOfType>>();
  const add = (type: string, at: Instant | undefined, name: "understood" | "unreadable"): void => {
    if (at === undefined) return;
    const hour_at = Math.floor(at / hourMs) * hourMs;
    const ofType = hours.get(type) ?? new Map<Instant, HourOfType>();
    const hour = ofType.get(hour_at) ?? { type, hour_at, understood: 0, unreadable: 0 };
    hour[name] += 1;
    hours.set(type, ofType.set(hour_at, hour));
  };
  for (const version of fresh) add(version.type, version.eventAt, "understood");
  for (const refusal of refused) if (refusal.type !== undefined) add(refusal.type, refusal.eventAt, "unreadable");
  const rows = [...hours.values()].flatMap((ofType) => [...ofType.values()]);
  if (rows.length > 0) {
    await sql`insert into feed_hour as held (site_id, source, type, hour_at, understood, unreadable)
      select ${scope.siteId}::integer, ${scope.source}::text, given.* from unnest(${rows.map((row) => row.type)}::text[],
        ${rows.map((row) => toTimestamp(row.hour_at))}::timestamptz[], ${rows.map((row) => row.understood)}::integer[], ${rows.map((row) => row.unreadable)}::integer[]) as given
      on conflict (site_id, source, type, hour_at) do update
        set changed = true, weighed = false, understood = held.understood + excluded.understood, unreadable = held.unreadable + excluded.unreadable`.execute(
      db,
    );
  }
  const read = [...fresh.map((version) => version.type), ...refused.map((refusal) => refusal.type).filter((type) => type !== undefined)];
  const types = [...new Set(read)].map((type) => ({ site_id: scope.siteId, source: scope.source, type }));
  await insertRows(db, "feed", { site_id: "integer", source: "text", type: "text" }, types, { onConflict: "nothing" });
}
