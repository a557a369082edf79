import type { Interval } from "./instant.ts";
import type { FailedWindow, FeedSummary, PullNotes, ScanSummary, SeriesSummary, SignalSummary } from "./scan-summary.ts";
import { toIso } from "./show-times.ts";

interface ShownInterval {
  readonly from: string;
  readonly to: string;
}

type ShownWindow = Omit<FailedWindow, "from" | "to"> & { readonly from: string | null; readonly to: string };
type Times = "now" | "startedAt" | "finishedAt" | "watchFrom";

/** A summary as programs are shown it (`design.md`, Interfaces): times are RFC 3339 UTC, null where there is none. */
export interface ShownSummary {
  readonly run: Omit<ScanSummary["run"], Times | "notes"> &
    Readonly<Record<Times, string | null>> & {
      readonly notes: Omit<PullNotes, "failedWindows"> & { readonly failedWindows: ShownWindow[] };
    };
  readonly feeds: readonly (Omit<FeedSummary, "coveredUntil" | "gaps" | "count"> & {
    /** Of the windows that the server counted; null where it counted none. */
    readonly expected: number | null;
    readonly given: number | null;
    /** Windows that it gave and did not count. */
    readonly uncounted: number;
    readonly coveredUntil: string | null;
    readonly gaps: readonly ShownInterval[];
  })[];
  /** Loops with what became of them, then series with their alarms. */
  readonly signals: readonly ((Omit<SignalSummary, "notLookedAt"> & { readonly notLookedAt: readonly ShownInterval[] }) | SeriesSummary)[];
}

export function summaryJson({ run, feeds, signals, series = [] }: ScanSummary): ShownSummary {
  const failedWindows = run.notes.failedWindows.map((window) => ({ ...window, from: time(window.from), to: toIso(window.to) }));
  return {
    run: {
      ...run,
      now: toIso(run.now),
      startedAt: toIso(run.startedAt),
      finishedAt: time(run.finishedAt),
      watchFrom: time(run.watchFrom),
      notes: { ...run.notes, failedWindows },
    },
    feeds: feeds.map(({ count, ...feed }) => ({
      ...feed,
      expected: (count?.counted ?? 0) > 0 ? (count?.expected ?? null) : null,
      given: (count?.counted ?? 0) > 0 ? (count?.given ?? null) : null,
      uncounted: count?.uncounted ?? 0,
      coveredUntil: time(feed.coveredUntil),
      gaps: feed.gaps.map(showInterval),
    })),
    signals: [...signals.map((signal) => ({ ...signal, notLookedAt: signal.notLookedAt.map(showInterval) })), ...series],
  };
}

function showInterval({ from, to }: Interval): ShownInterval {
  return { from: toIso(from), to: toIso(to) };
}

function time(at: number | undefined): string | null {
  return at === undefined ? null : toIso(at);
}
