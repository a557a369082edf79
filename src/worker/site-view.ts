import { sql, type Kysely, type RawBuilder } from "kysely";
import type { SiteConfig } from "../config/config.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Wanted } from "../domain/wanted.ts";
import type { FeedView, SignalHistory, SiteView } from "../detect/detection.ts";
import type { Key } from "../domain/facts.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { statedOf } from "../domain/feed-statement.ts";
import { covers, subtract, unite } from "../domain/interval.ts";
import type { MadeFrom } from "../domain/made-from.ts";
import type { Signal } from "../domain/signal.ts";
import { canCarry, openingFeeds } from "../detect/signal-feeds.ts";
import { readOfFeed } from "../store/feed-read.ts";
import { listFeedStatements } from "../store/feed-statement.ts";
import { listOddHours, type OddHour } from "../store/odd-hour.ts";

const hourMs = 3_600_000;

export interface SiteSettings {
  readonly siteId: number;
  readonly name: string;
  readonly blindAfterMs: number;
  readonly watchSince: Instant | undefined;
  /** What its mapping makes each activity from. */
  readonly madeFrom: MadeFrom;
  readonly signals: readonly SignalHistory[];
  /** Which care events are made here. */
  readonly wanted: Wanted;
  /** Sources that hold the same records: their coverage counts as one. Name → name of the one it mirrors. */
  readonly mirrors: ReadonlyMap<string, string>;
  /** Organisations and roles that it counts to a team of its own, with the team's name. */
  readonly teams: ReadonlyMap<Key, string>;
}

/** Every definition that was ever in force of the signals that run. */
export function signalsOf({ signals }: Pick<SiteSettings, "signals">): Signal[] {
  return signals.flatMap(({ versions }) => versions.map(({ signal }) => signal));
}

/** What its configuration says of how a site is judged. */
export function settingsOf({
  name,
  blindAfterMs,
  sources,
  teams,
}: SiteConfig): Pick<SiteSettings, "name" | "blindAfterMs" | "mirrors" | "teams"> {
  return {
    name,
    blindAfterMs,
    mirrors: new Map(sources.flatMap((source) => (source.mirrors === undefined ? [] : [[source.name, source.mirrors]]))),
    teams: new Map(Object.entries(teams).flatMap(([team, members]) => members.map((member) => [member, team]))),
  };
}

/** What the site is known to have and to have seen at `now`. */
export async function readSiteView(
  db: Kysely<Database>,
  settings: Omit<SiteSettings, "wanted">,
  now: Instant,
  line: Instant,
): Promise<SiteView> {
  const feeds = await readFeeds(db, settings);
  return {
    site: settings.name,
    feeds,
    madeFrom: settings.madeFrom,
    teams: settings.teams,
    watchFrom: settings.watchSince ?? earliestOpening(feeds, settings.signals),
    blindAfterMs: settings.blindAfterMs,
    closingSeen: await readClosingSeen(db, settings, now, line),
    signals: settings.signals.filter((history) => canRun(history, feeds, settings.madeFrom)),
  };
}

/** A signal none of whose closing activities any feed of the site can carry does not run. */
export function canRun(history: SignalHistory, feeds: ReadonlyMap<string, FeedView>, madeFrom: MadeFrom): boolean {
  const signal = history.versions.at(-1)?.signal;
  return signal !== undefined && canCarry(signal, (type) => feeds.has(type), madeFrom);
}

/**
 * Watching starts at the earliest instant covered in an opening feed of an enabled signal. Where none is covered nothing
 * was watched: no loop is put aside as opened before, and the run says that it saw nothing.
 */
function earliestOpening(feeds: ReadonlyMap<string, FeedView>, signals: readonly SignalHistory[]): Instant {
  const types = new Set(signals.flatMap((history) => history.versions.flatMap(({ signal }) => openingFeeds(signal))));
  const starts = [...feeds].filter(([type]) => types.has(type)).flatMap(([, feed]) => feed.covered.map((interval) => interval.from));
  return starts.length === 0 ? -Infinity : Math.min(...starts);
}

type SignalsOfSite = Pick<SiteSettings, "siteId"> & { readonly signals: readonly Pick<SignalHistory, "id">[] };

export async function readClosingSeen(db: Kysely<Database>, site: SignalsOfSite, now: Instant, line: Instant): Promise<Set<string>> {
  if (site.signals.length === 0) return new Set();
  const { rows } = await selectClosingSeen(site, now, line).execute(db);
  return new Set(rows.map((row) => row.signal));
}

/** At most one row of each signal, wherever the index has the first: not one of every patient. */
export function selectClosingSeen({ siteId, signals }: SignalsOfSite, now: Instant, line: Instant): RawBuilder<{ signal: string }> {
  const each = signals.map(
    ({ id }) => sql`(select signal from closing_seen where site_id = ${siteId} and signal = ${id}
      and first_at > ${toTimestamp(line)}::timestamptz and first_at <= ${toTimestamp(now)}::timestamptz order by first_at limit 1)`,
  );
  return sql`${sql.join(each, sql` union all `)}`;
}

/** Feeds by type. Over several sources each must cover, and mirrors count as one. */
async function readFeeds(db: Kysely<Database>, settings: Pick<SiteSettings, "siteId" | "mirrors">): Promise<Map<string, FeedView>> {
  const held = await db.selectFrom("feed").select(["source", "type"]).where("site_id", "=", settings.siteId).execute();
  const covered = await db
    .selectFrom("coverage")
    .select(["source", "type", "from_at", "to_at"])
    .where("site_id", "=", settings.siteId)
    .execute();
  const statements = await listFeedStatements(db, settings.siteId);
  const accepted = (hour: OddHour): boolean =>
    hour.why === "silent" &&
    covers(statedOf(statements, "silence-accepted", hour.source, hour.type), { from: hour.at, to: hour.at + hourMs });
  const hours = (await listOddHours(db, settings.siteId)).filter((hour) => !accepted(hour));
  const original = (source: string): string => settings.mirrors.get(source) ?? source;
  const types = Map.groupBy(held, (feed) => feed.type);
  return new Map(
    [...types].map(([type, feeds]): [string, FeedView] => {
      const bySource = [...new Set(feeds.map((feed) => original(feed.source)))].map((source) =>
        unite(feeds.filter((feed) => original(feed.source) === source).flatMap((feed) => readOfFeed(covered, statements, feed))),
      );
      const odd = hours.filter((hour) => hour.type === type);
      const pick = (why: OddHour["why"]): Interval[] =>
        unite(odd.filter((hour) => hour.why === why).map((hour) => ({ from: hour.at, to: hour.at + hourMs })));
      const outages = unite(feeds.flatMap(({ source }) => statedOf(statements, "outage", source, type)));
      return [type, { covered: intersectAll(bySource), outages, silent: pick("silent"), unreadable: pick("unreadable") }];
    }),
  );
}

function intersectAll(coverages: readonly Interval[][]): Interval[] {
  const [first, ...others] = coverages;
  return others.reduce((common, each) => subtract(common, subtract(common, each)), first ?? []);
}
