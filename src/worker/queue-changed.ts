import { sql, type Kysely, type RawBuilder } from "kysely";
import type { JudgedWith } from "../db/judged-with.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { joinedActivities } from "../detect/joined-activities.ts";
import { looksAsked } from "../detect/looks-asked.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { differences } from "../domain/interval.ts";
import { unsettledVerdicts } from "../domain/verdict.ts";
import { queueActorsOfTime, queueEveryActor } from "./detect-actors.ts";
import { queueLoopsBetween, queuePatients, queueSelected, queueUnsettled } from "./dirty-patients.ts";
import { findStarts, type PlacedEvent } from "./find-starts.ts";
import { isAsked } from "./read-events.ts";
import { signalsOf, type SiteSettings } from "./site-view.ts";

/**
 * Patients whose dues, waits or stored events have come since the scan at `before`, and those whose evidence has passed the
 * retention line. An event whose time has come changes what it would have changed on arrival.
 */
export async function queueWhatTimeChanged(
  db: Kysely<Database>,
  { siteId, signals }: SiteSettings,
  before: Instant,
  { now, line }: { readonly now: Instant; readonly line: Instant },
): Promise<void> {
  await queueSelected(
    db,
    sql`select patient_key, site_id, min(from_at) from (
      select patient_key, site_id, wake_at as from_at from patient_wake where site_id = ${siteId} and wake_at <= ${toTimestamp(now)}::timestamptz
      union all select patient_key, site_id, '-infinity' from closing_seen where site_id = ${siteId}
        and signal = any(${signals.map(({ id }) => id)}::text[]) and first_at <= ${toTimestamp(line)}::timestamptz
      ) as woken group by patient_key, site_id`,
  );
  const { rows: come } =
    await sql<PlacedEvent>`select event.patient_key, event.subject_key, event.activity, event.grade, event.at, (event.detail ->> 'startedAt')::double precision as started_at
    from patient_wake as woken join care_event as event on event.patient_key = woken.patient_key
    where woken.site_id = ${siteId} and woken.wake_at <= ${toTimestamp(now)}::timestamptz
      and event.at > ${toTimestamp(before)}::timestamptz and event.at <= ${toTimestamp(now)}::timestamptz`.execute(db);
  await queuePatients(db, siteId, await findStarts(db, come, joinedActivities(signalsOf({ signals })).ending));
  await queueActorsOfTime(db, siteId, before, now);
}

/** Every unsettled loop that a change of the site touches: coverage, feeds, settings, quarantine. */
export async function queueWhatTheSiteChanged(
  db: Kysely<Database>,
  settings: SiteSettings,
  before: JudgedWith | null,
  after: JudgedWith,
): Promise<void> {
  const { siteId } = settings;
  const feedsAreSame = before !== null && namesOf(before.feeds) === namesOf(after.feeds);
  // Who was only looked at, by no look that bears on anything, has nothing to be judged.
  if (!before || before.settings !== after.settings || !feedsAreSame) {
    await queueSelected(
      db,
      sql`select patient_key, ${siteId}::integer, '-infinity'::timestamptz from (
        select patient_key from care_event where site_id = ${siteId} and ${isAsked(looksAsked(settings.signals).named)}
        union select patient_key from loop where site_id = ${siteId}) as everybody where patient_key <> 0`,
    );
    await queueEveryActor(db, siteId);
    return;
  }
  const changed = Object.keys(after.feeds).flatMap((type) =>
    differences(toIntervals(before.feeds[type] ?? []), toIntervals(after.feeds[type] ?? [])),
  );
  for (const interval of changed) await queueSelected(db, selectDueWithin(siteId, interval));
  if (before.watchFrom !== after.watchFrom) {
    await queueLoopsBetween(db, siteId, before.watchFrom ?? -Infinity, after.watchFrom ?? -Infinity);
    await queueEveryActor(db, siteId);
  }
  const quarantine = new Set(before.quarantined).symmetricDifference(new Set(after.quarantined));
  if (quarantine.size > 0) await queueUnsettled(db, siteId);
}

/** Unsettled loops that opened before the end of an interval and are due in it or later: each verdict by its own stretch of the index. */
export function selectDueWithin(siteId: number, { from, to }: Interval): RawBuilder<unknown> {
  return sql`select patient_key, site_id, min(opened_at) from loop where site_id = ${siteId} and verdict = any(${[...unsettledVerdicts]}::text[])
    and coalesce(to_timestamp((explanation ->> 'since')::double precision / 1000), opened_at) < ${toTimestamp(to)}::timestamptz
    and due_at >= ${toTimestamp(from)}::timestamptz group by patient_key, site_id`;
}

/** Sorted, for jsonb gives its keys back in an order of its own. */
function namesOf(feeds: JudgedWith["feeds"]): string {
  return Object.keys(feeds).sort().join();
}

function toIntervals(pairs: readonly (readonly [Instant, Instant])[]): Interval[] {
  return pairs.map(([from, to]) => ({ from, to }));
}
