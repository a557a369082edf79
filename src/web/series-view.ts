import type { Interval } from "../domain/instant.ts";
import type { RuleName } from "../domain/series.ts";
import type { ShownSeries } from "../insight/read-series.ts";
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

export function viewAlarmGroup(group: readonly [Alarm, ...Alarm[]], timeZone: string): AlarmGroupView {
  const [first] = group;
  const { from } = first;
  const to = group.at(-1)?.to ?? first.to;
  const { source, type } = first.feed ?? { source: "", type: "" };
  const until = String(to + dayMs);
  return {
    site: first.site,
    of: first.feed ? `${type} from ${source}` : "the whole site",
    when: showSpan({ from, to }, timeZone),
    breaks: [...new Set(group.flatMap(({ breaks }) => breaks))].map((rule) => ruleWords[rule]).join(", "),
    numbers: range(group.map(({ value }) => value)),
    usual: range(group.flatMap(({ limits }) => (limits ? [limits.centre] : []))),
    href: `/series/${first.signal}?${new URLSearchParams({ site: first.site, source, type, until }).toString()}`,
    from,
    to,
    source,
    type,
    accepted: first.accepted && `accepted: “${first.accepted.reason}” (${first.accepted.actor})`,
  };
}

interface SeriesView {
  readonly chart: ChartView;
  readonly from: ShownTime;
  readonly to: ShownTime;
  readonly says: string;
  readonly rows: readonly {
    readonly at: ShownTime;
    readonly value: string;
    readonly usual: string;
    readonly limits: string;
    readonly breaks: string;
  }[];
}

export function viewSeries({ periods, history }: ShownSeries, window: Interval, timeZone: string): SeriesView {
  const broken = periods.filter(({ breaks }) => breaks.length > 0).length;
  const days = Math.round((window.to - window.from) / dayMs);
  return {
    chart: viewChart(periods, window),
    from: showTime(window.from, timeZone),
    to: showTime(window.to, timeZone),
    says: `${periods.length} of the ${days * 24} hours were read; ${broken === 0 ? "none" : broken} of them ${broken === 1 ? "breaks" : "break"} a rule. ${sayHistory(history)}`,
    rows: periods.map(({ from, value, limits, breaks }) => ({
      at: showTime(from, timeZone),
      value: shown(value),
      usual: limits ? shown(limits.centre) : "–",
      limits: limits ? `${shown(Math.max(0, limits.lower))} to ${shown(limits.upper)}` : "–",
      breaks: breaks.map((rule) => ruleWords[rule]).join(", ") || "–",
    })),
  };
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

function shown(value: number): string {
  return String(Math.round(value * 10) / 10);
}
