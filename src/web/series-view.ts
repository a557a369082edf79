import { count } from "../domain/count.ts";
import { unite } from "../domain/interval.ts";
import type { RuleName, SeriesSignal } from "../domain/series.ts";
import type { ShownSeries } from "../insight/read-series.ts";
import { unitOf } from "../signals/describe-series.ts";
import type { Alarm } from "../store/alarm.ts";
import { viewChart, type ChartView } from "./chart-view.ts";
import { showSpan, showTime, type Sentence, type ShownTime } from "./show-time.ts";

const ruleWords: Readonly<Record<RuleName, string>> = {
  silent: "silent",
  below: "far fewer than usual",
  above: "far more than usual",
  outside: "outside the limits",
  shift: "seven on one side of the average",
  trend: "seven rising or falling",
  "outer-third": "two of three in the outer third",
};

/** Alarms of one feed that touch, told once. */
export interface AlarmGroupView {
  readonly site: string;
  readonly of: string;
  readonly when: Sentence;
  readonly breaks: string;
  /** What the series calls its numbers. */
  readonly title: string;
  readonly unit: string;
  readonly areDays: boolean;
  readonly numbers: string;
  readonly usual: string;
  /** Where its chart is. */
  readonly href: string;
  readonly from: number;
  readonly to: number;
  readonly source: string;
  readonly type: string;
  /** `accepted: “Christmas” (demo)` */
  readonly accepted: string | undefined;
}

const dayMs = 86_400_000;

/** @param series those that the sites could run */
export function viewAlarmGroup(group: readonly [Alarm, ...Alarm[]], timeZone: string, series: readonly SeriesSignal[]): AlarmGroupView {
  const [first] = group;
  const signal = series.find(({ id }) => id === first.signal);
  const { from } = first;
  const to = group.at(-1)?.to ?? first.to;
  const { source, type } = first.feed ?? { source: "", type: "" };
  const until = String(to + dayMs);
  return {
    site: first.site,
    of: first.feed ? `${type} from ${source}` : "the whole site",
    when: showSpan({ from, to }, timeZone),
    breaks: [...new Set(group.flatMap(({ breaks }) => breaks))].map((rule) => ruleWords[rule]).join(", "),
    title: signal?.title ?? first.signal,
    unit: signal ? unitShown(signal, first.daysBetween ?? false) : "Number",
    areDays: first.daysBetween ?? false,
    numbers: range(group.map(({ value }) => value)),
    usual: range(group.flatMap(({ limits }) => (limits ? [limits.centre] : []))),
    href: `/series/${first.signal}?${new URLSearchParams({ site: first.site, ...(first.feed && { source, type }), until }).toString()}`,
    from,
    to,
    source,
    type,
    accepted: first.accepted && `accepted: “${first.accepted.reason}” (${first.accepted.actor})`,
  };
}

export interface SeriesView {
  readonly chart: ChartView;
  readonly from: ShownTime;
  readonly to: ShownTime;
  readonly unit: string;
  /** What the scale begins and ends with. */
  readonly most: string;
  readonly least: string;
  readonly usual: string;
  readonly says: string;
  readonly rows: readonly {
    readonly at: ShownTime;
    readonly value: string;
    readonly usual: string;
    readonly limits: string;
    readonly breaks: string;
  }[];
}

/** What an axis and the head of a table call the numbers. */
export function unitShown({ series }: SeriesSignal, areDaysBetween: boolean): string {
  return areDaysBetween ? "Days between" : unitOf(series);
}

export function viewSeries(signal: SeriesSignal, shownSeries: ShownSeries, timeZone: string): SeriesView {
  const { periods, history, window, unread, areDaysBetween } = shownSeries;
  const isLevel = signal.series.number.what === "mean-value";
  const chart = viewChart(periods, window, unite(unread), isLevel);
  return {
    chart,
    from: showTime(window.from, timeZone),
    to: showTime(window.to, timeZone),
    unit: unitShown(signal, areDaysBetween),
    most: shown(chart.most),
    least: shown(chart.least),
    usual: signal.series.per === "hour" ? "what is usual in that hour of the week" : "what is usual",
    says: `${sayRead(signal, shownSeries)} ${sayHistory(history)}`,
    rows: periods.map(({ from, to, value, limits, breaks }) => ({
      at: showTime(areDaysBetween ? to : from, timeZone),
      value: shown(value),
      usual: limits ? shown(limits.centre) : "–",
      limits: limits ? `${shown(Math.max(isLevel ? limits.lower : 0, limits.lower))} to ${shown(limits.upper)}` : "–",
      breaks: breaks.map((rule) => ruleWords[rule]).join(", ") || "–",
    })),
  };
}

function sayRead({ series: { per, fewest = 1 } }: SeriesSignal, { periods, over, unread, areDaysBetween, leftOut }: ShownSeries): string {
  const broken = periods.filter(({ breaks }) => breaks.length > 0).length;
  const breaking = `${broken === 0 ? "none" : broken} of them ${broken === 1 ? "breaks" : "break"} a rule.`;
  if (per === "hour") return `${periods.length} of the ${over} hours were read; ${breaking}`;
  const read = `${over - unread.length} of the ${over} ${per}s were read`;
  if (areDaysBetween)
    return `${read}. Such events are rare here, so that the days between them are judged: ${periods.length} are known; ${breaking}`;
  const left =
    leftOut === 0
      ? ""
      : ` ${count(leftOut, "value")} whose unit does not convert, or that is a mere bound, ${leftOut === 1 ? "is" : "are"} left out.`;
  return `${read}, and ${periods.length} of them have a number (at least ${fewest} were counted, and the ${per} has settled); ${breaking}${left}`;
}

/** `It needs four weeks of history and has nine days.` */
function sayHistory({ hasMs, needsMs }: ShownSeries["history"]): string {
  const days = (ms: number): string => `${Math.floor(ms / dayMs)} days`;
  return hasMs < needsMs ? `It needs ${days(needsMs)} of history and has ${days(hasMs)}.` : `It has ${days(hasMs)} of history.`;
}

function range(values: readonly number[]): string {
  if (values.length === 0) return "–";
  const [least, most] = [shown(Math.min(...values)), shown(Math.max(...values))];
  return least === most ? least : `${least} to ${most}`;
}

/** Two digits behind the point where a number is small: of potassium, the second matters. */
function shown(value: number): string {
  const digits = Math.abs(value) < 10 ? 100 : 10;
  return String(Math.round(value * digits) / digits);
}
