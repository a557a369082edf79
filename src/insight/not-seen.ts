import { count } from "../domain/count.ts";
import { unite } from "../domain/interval.ts";
import type { FailedWindow, FeedCount, FeedSummary, ScanSummary } from "../domain/scan-summary.ts";
import { showInstant, showIntervals } from "../domain/show-times.ts";

/** What was not seen, a sentence each. */
export function notSeen(summary: ScanSummary, asked: readonly string[]): string[] {
  const { run, feeds } = summary;
  const quarantined = feeds.reduce((sum, feed) => sum + feed.quarantined, 0);
  return [
    ...blindSpots(summary),
    ...(quarantined > 0
      ? [`${count(quarantined, "resource")} could not be used, and ${quarantined === 1 ? "is" : "are"} kept in quarantine.`]
      : []),
    ...cannotRun(summary, asked).map((id) => `${id} did not run: no feed that could end its loops is read here.`),
    ...(isReading(run) && isOfNoUse(summary) ? ["Nothing that was read is of any use here."] : []),
  ];
}

/** A server that has nothing new gives nothing, and that is as it should be. */
function isOfNoUse({ feeds }: ScanSummary): boolean {
  return feeds.every((feed) => feed.read === feed.skipped) && (feeds.length === 0 || feeds.some((feed) => feed.read > 0));
}

/** The times and feeds that were not looked at, a sentence each. */
export function blindSpots(summary: ScanSummary): string[] {
  const unlooked = new Map<string, string[]>();
  for (const { id, notLookedAt } of summary.signals) {
    if (notLookedAt.length === 0) continue;
    const when = showIntervals(unite(notLookedAt));
    unlooked.set(when, [...(unlooked.get(when) ?? []), id]);
  }
  return [
    ...[...unlooked].map(([when, ids]) => `Not looked at from ${when}: what opened then is in no list (${ids.join(", ")}).`),
    ...notRead(summary),
    ...summary.run.notes.cutShort.map(
      (type) => `A file with ${type} in it is cut short, so nothing of what it may have held counts as read: export it again.`,
    ),
    ...refused(summary),
    ...summary.run.notes.serverRemarks,
  ];
}

/** What servers did not give and why; feeds that failed alike are told together. */
function refused({ run }: ScanSummary): string[] {
  const alike = Map.groupBy(run.notes.failedWindows, ({ source, reason }) => `Source ${source}: the server ${reason}`);
  return [...alike].map(([what, windows]) => {
    const types = [...new Set(windows.map(({ type }) => type))].join(", ");
    return `${what}, when asked for ${types} (${showWindows(windows)}). It is asked again by the next scan.`;
  });
}

/** When the records were last updated that were asked for. */
function showWindows(windows: readonly FailedWindow[]): string {
  const ends = windows.filter(({ from }) => from === undefined).map(({ to }) => to);
  const bounded = unite(windows.flatMap(({ from, to }) => (from === undefined ? [] : [{ from, to }])));
  return [
    ...(ends.length > 0 ? [`all up to ${showInstant(Math.max(...ends))}`] : []),
    ...(bounded.length > 0 ? [showIntervals(bounded)] : []),
  ].join(", ");
}

function cannotRun({ run, signals }: ScanSummary, asked: readonly string[]): string[] {
  return run.kind === "pull" ? [] : asked.filter((id) => !signals.some((signal) => signal.id === id));
}

/** Feeds of one export mostly fail together: those with the same gaps are told together. */
function notRead({ feeds }: ScanSummary): string[] {
  const gaps = new Map(feeds.filter((feed) => feed.gaps.length > 0).map((feed) => [feed.type, showIntervals(feed.gaps)]));
  const alike = Map.groupBy([...gaps.keys()], (type) => gaps.get(type) ?? "");
  return [...alike].map(([when, types]) => `${types.join(", ")} ${types.length === 1 ? "was" : "were"} not read from ${when}.`);
}

/** Events that stand nowhere, for nobody knows whose they are: a sentence, or none where all have their place. */
export function sayUnplaced(unplaced: number): string[] {
  return unplaced > 0 ? [`${count(unplaced, "event")} could not be placed: no patient is known for what they name.`] : [];
}

/** What a server gave of the records that it counts; `–` where nothing was asked of a server. */
export function sayCounted(feed: FeedCount | undefined): string {
  if (feed === undefined) return "–";
  const { expected, given, counted, uncounted } = feed;
  if (counted === 0) return "not counted";
  return `${given} of ${expected}${uncounted > 0 ? `, and ${count(uncounted, "window")} not counted` : ""}`;
}

/** Feeds of which the server did not count every window: a sentence, or none. More may come than is counted: what is changed leaves its window. */
export function sayUncounted(feeds: readonly FeedSummary[]): string[] {
  const types = [...new Set(feeds.filter((feed) => (feed.count?.uncounted ?? 0) > 0).map(({ type }) => type))];
  return types.length === 0 ? [] : [`Not compared, or not all of it, with what the server counts: ${types.join(", ")}.`];
}

/** `detect` and `rebuild` read nothing. */
export function isReading({ kind }: ScanSummary["run"]): boolean {
  return kind === "scan" || kind === "pull";
}
