import type { Kysely } from "kysely";
import type { SiteConfig } from "../config/config.ts";
import type { Connection } from "../db/connect.ts";
import type { Database } from "../db/schema.ts";
import type { Activity } from "../domain/activity.ts";
import { beforeByCalendar } from "../domain/duration.ts";
import type { Instant } from "../domain/instant.ts";
import type { SeriesSignal } from "../domain/series.ts";
import { wantedBy } from "../domain/wanted.ts";
import { readMapping } from "../normalise/read-mapping.ts";
import { listAlarms, type Alarm } from "../store/alarm.ts";
import { findSeriesJudged } from "../store/series-judged.ts";
import { getSite } from "../store/site.ts";
import { detectSeries } from "./detect-series.ts";
import { relateSite } from "./relate.ts";
import { settingsOf, readSiteView } from "./site-view.ts";
import { tryOut } from "./try-out.ts";

/** What a series would say of what is held, beside what the one in force said. */
export interface SeriesBacktest {
  readonly now: Instant;
  /** The latest first. */
  readonly alarms: readonly Alarm[];
  /** Absent where it never ran here. */
  readonly against: { readonly fresh: number; readonly gone: number; readonly changed: number } | undefined;
}

const most = 100_000;

/** Measures and judges what is held by a series as if it had always been in force; nothing is written. */
export function backtestSeries(connection: Connection, config: SiteConfig, signal: SeriesSignal, now?: Instant): Promise<SeriesBacktest> {
  return tryOut(connection, config.name, (db) => judgeBy(db, config, signal, now));
}

async function judgeBy(
  db: Kysely<Database>,
  config: SiteConfig,
  signal: SeriesSignal,
  given: Instant | undefined,
): Promise<SeriesBacktest> {
  const { siteId, judgedAt, latestAt } = await getSite(db, config.name);
  const now = given ?? judgedAt ?? latestAt;
  if (now === undefined) return { now: 0, alarms: [], against: undefined };
  const readAlarms = (): Promise<Alarm[]> => listAlarms(db, { sites: [config.name], signal: signal.id }, most);
  const before = (await findSeriesJudged(db, siteId, signal.id)) && new Map((await readAlarms()).map((alarm) => [alarm.id, alarm]));
  const { madeFrom, urgency: rules } = readMapping(config.mapping);
  const wanted = wantedBy([], [signal]);
  const copied = new Set<Activity>();
  const { name, timeZone } = config;
  if (signal.series.number.what !== "records") {
    await relateSite(db, { siteId, name, rules, wanted, copied, ending: new Set(), measures: true });
  }
  const line = beforeByCalendar(now, config.retention, timeZone);
  const { feeds } = await readSiteView(db, { siteId, ...settingsOf(config), watchSince: undefined, madeFrom, signals: [] }, now, line);
  await detectSeries(db, { siteId, site: name, timeZone, now, line, everything: true, feeds, madeFrom }, [signal]);
  const alarms = await readAlarms();
  return { now, alarms, against: before && compare(before, alarms) };
}

function compare(before: ReadonlyMap<string, Alarm>, after: readonly Alarm[]): SeriesBacktest["against"] {
  const ids = new Set(after.map(({ id }) => id));
  const saidOf = ({ to, breaks }: Alarm): string => `${String(to)} ${breaks.join()}`;
  const changed = after.filter((alarm) => {
    const was = before.get(alarm.id);
    return was && saidOf(was) !== saidOf(alarm);
  });
  return {
    fresh: after.filter(({ id }) => !before.has(id)).length,
    gone: [...before.keys()].filter((id) => !ids.has(id)).length,
    changed: changed.length,
  };
}
