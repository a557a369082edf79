import type { Interval } from "../domain/instant.ts";
import { toIso } from "../domain/show-times.ts";
import type { SourceExamination } from "../insight/examine-source.ts";
import { diagnose, type SiteHealth } from "../insight/site-health.ts";
import type { Shortcoming } from "../insight/signal-readiness.ts";

/** What is held of a site, for programs. */
export function healthJson(health: SiteHealth): object {
  const { now, watchFrom, lastGood, last, feeds, signals, endedHolidays, ...rest } = health;
  return {
    ...rest,
    diagnosis: diagnose(health),
    endedHolidays: endedHolidays ?? null,
    now: toIso(now),
    watchFrom: watchFrom === undefined ? null : toIso(watchFrom),
    lastGood: lastGood ? { kind: lastGood.kind, startedAt: toIso(lastGood.startedAt) } : null,
    last: last ? { kind: last.kind, startedAt: toIso(last.startedAt), state: last.state } : null,
    feeds: feeds.map((feed) => ({ ...feed, covered: intervals(feed.covered), gaps: intervals(feed.gaps) })),
    signals: signals.map((signal) => ({ ...signal, because: withTimes(signal.because), besides: withTimes(signal.besides) })),
  };
}

/** What a look at a source found, for programs. */
export function examinationJson({ at, fhirVersion, mapping, signals, ...rest }: SourceExamination): object {
  return {
    ...rest,
    at: toIso(at),
    fhirVersion: fhirVersion ?? null,
    mapping: mapping ?? null,
    signals: signals.map((signal) => ({ ...signal, because: withTimes(signal.because), besides: withTimes(signal.besides) })),
  };
}

function intervals(each: readonly Interval[]): object[] {
  return each.map(({ from, to }) => ({ from: toIso(from), to: toIso(to) }));
}

function withTimes(shortcomings: readonly Shortcoming[]): object[] {
  return shortcomings.map((each) => ({ ...each, gaps: intervals(each.gaps) }));
}
