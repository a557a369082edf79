import { count } from "../domain/count.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import type { Signal } from "../domain/signal.ts";
import { notSeen, sayCounted, sayUnplaced } from "../insight/not-seen.ts";
import { readSeriesCatalogue } from "../signals/catalogue.ts";
import type { ListedRun } from "../store/run-page.ts";
import { viewRunRow, type RunRowView } from "./runs-view.ts";
import type { SiteSettings } from "./seen-view.ts";
import { showSpan, showTime, type Sentence, type ShownTime } from "./show-time.ts";

/** One run whole: what it read, what it decided, and what it could not see. */
export interface RunView {
  readonly run: RunRowView;
  /** Absent where it never came to an end. */
  readonly summary: SummaryView | undefined;
}

interface SummaryView {
  readonly watchFrom: ShownTime | undefined;
  readonly notSeen: readonly string[];
  readonly remarks: readonly string[];
  readonly feeds: readonly FeedRow[];
  readonly signals: readonly SignalRow[];
  /** Series that have alarms, as the run left them. */
  readonly series: readonly { readonly href: string; readonly id: string; readonly says: string }[];
}

interface FeedRow {
  readonly type: string;
  readonly source: string;
  /** read, stored, duplicate, quarantined, expired, skipped. */
  readonly counts: readonly number[];
  /** Of how many records that the server counts how many came, and what it did not count. */
  readonly counted: string;
  readonly coveredUntil: ShownTime | undefined;
  readonly gaps: readonly Sentence[];
}

interface SignalRow {
  readonly href: string;
  readonly title: string;
  /** opened, met, pending, late, missed, unknown, cancelled, before watch. */
  readonly counts: readonly number[];
  readonly sight: string;
}

export function viewRun(
  run: ListedRun & { readonly summary: unknown },
  settings: SiteSettings,
  signals: ReadonlyMap<string, Signal>,
): RunView {
  const summary = run.summary as ScanSummary | null;
  return {
    run: viewRunRow(run, settings.timeZone),
    // What a run that failed leaves is no summary.
    summary: summary && "feeds" in summary ? viewSummary(summary, settings, signals) : undefined,
  };
}

function viewSummary(summary: ScanSummary, { timeZone, signals: asked }: SiteSettings, signals: ReadonlyMap<string, Signal>): SummaryView {
  const { run } = summary;
  return {
    watchFrom: run.watchFrom === undefined ? undefined : showTime(run.watchFrom, timeZone),
    notSeen: notSeen(summary, asked),
    remarks: sayUnplaced(run.unplaced),
    feeds: summary.feeds.map((feed) => ({
      type: feed.type,
      source: feed.source,
      counted: sayCounted(feed.count),
      counts: [feed.read, feed.stored, feed.duplicate, feed.quarantined, feed.expired, feed.skipped],
      coveredUntil: feed.coveredUntil === undefined ? undefined : showTime(feed.coveredUntil, timeZone),
      gaps: feed.gaps.map((gap) => showSpan(gap, timeZone)),
    })),
    series: (summary.series ?? [])
      .filter(({ alarms }) => alarms > 0)
      .map(({ id, alarms }) => ({ href: `/series/${id}`, id, says: sayAlarms(id, alarms) })),
    signals: summary.signals.map((each) => ({
      href: `/signals/${each.id}`,
      title: signals.get(each.id)?.title ?? each.id,
      counts: [each.opened, each.met, each.pending, each.late, each.missed, each.unknown, each.cancelled, each.beforeWatch],
      sight: each.runs === "yes" ? "Whole" : each.runs === "blind" ? "Not whole" : "Did not run",
    })),
  };
}

/** Hours are told one by one; of values a whole run of days is one alarm. */
function sayAlarms(id: string, alarms: number): string {
  const isByHour = readSeriesCatalogue().some(({ signal }) => signal.id === id && signal.series.per === "hour");
  return isByHour ? `${count(alarms, "hour")} broke a rule` : count(alarms, "alarm");
}
