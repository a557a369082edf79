import { count } from "../domain/count.ts";
import type { SeriesSignal } from "../domain/series.ts";
import { showInstant } from "../domain/show-times.ts";
import type { SeriesBacktest } from "../worker/backtest-series.ts";
import { alarmJson, showAlarms } from "./alarms.ts";

/** What a series would say at one site. */
export interface SiteSeriesBacktest extends SeriesBacktest {
  readonly site: string;
  readonly definition: SeriesSignal;
}

/** For programs. */
export function seriesBacktestJson({ definition: { id, version }, alarms, ...rest }: SiteSeriesBacktest): object {
  return { signal: id, version, ...rest, alarms: alarms.map(alarmJson) };
}

/** `signals backtest` of a series: its alarms over what is held. */
export function showSeriesBacktest({ site, definition: { id, version }, now, alarms, against }: SiteSeriesBacktest): string {
  return [
    `${id}, version ${String(version)}, over what is held of ${site}, as at ${showInstant(now)}: ${count(alarms.length, "alarm")}.`,
    against
      ? `Against the version in force here: ${String(against.fresh)} new, ${String(against.gone)} gone, ${String(against.changed)} of another length or rule.`
      : "No version of it has judged anything here before.",
    ...(alarms.length > 0 ? [showAlarms(alarms)] : []),
    "Nothing was written.",
  ].join("\n");
}
