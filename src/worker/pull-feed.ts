import { earliestOf, latestOf, type Instant, type Interval } from "../domain/instant.ts";
import { covers, intersect } from "../domain/interval.ts";
import {
  creditSearched,
  findCursor,
  listFailed,
  writeCursor,
  writeFailed,
  type FailedInterval,
  type FeedCursor,
} from "../store/feed-cursor.ts";
import type { FeedName } from "../store/coverage.ts";
import type { FeedCount } from "../domain/scan-summary.ts";
import { addRunCount } from "../store/run-count.ts";
import { closeWindows, listOpenWindows } from "../store/open-window.ts";
import { isHistoryFrom, leftBy, planWindows, withShortEnd, type Planned } from "./plan-windows.ts";
import { writtenOnce } from "./pulled-types.ts";
import type { Heard, ServerPull } from "./server-pull.ts";
import { workSideBySide, type Worked } from "./side-by-side.ts";
import { readHistory, WindowReading, type WindowOutcome } from "./window-reading.ts";

/**
 * Pulls one feed up to the server's clock: first the windows that failed before, then from where the last pull ended. Several
 * windows are read side by side; each is settled with the cursor when it, what it names and all before it have been read, so
 * a pull may stop at any instant.
 * @param behind how many feeds are, for whoever watches
 * @throws FhirFailure where nothing else of the feed is answered
 */
export async function pullFeed(
  pull: ServerPull,
  type: string,
  place: { readonly feeds: number; readonly behind: () => number },
): Promise<void> {
  const feed: FeedName = { siteId: pull.scope.siteId, source: pull.scope.source, type };
  const isOnce = writtenOnce.has(type);
  const held = beginAt(pull, await findCursor(pull.db, feed));
  const again = await listFailed(pull.db, feed);
  const left = leftBy(pull, await listOpenWindows(pull.db, feed));
  let cursor = held;
  await readAll(await planWindows(pull, type, { stretches: again, left }), readAgain);
  const start = resumeAt(pull, held);
  const history = start < pull.until ? await readAhead() : undefined;
  if (history) await settle({ from: start, to: pull.until }, history, true);
  else {
    const ahead = await planAhead();
    const read = (planned: Planned, inParts: boolean): Promise<WindowOutcome> =>
      new WindowReading(pull, type).read(planned, { left: planned.left, inParts });
    // What is changed while the others are read is found in the last one alone, and only if that is read after them.
    await readAll(isOnce ? ahead : ahead.slice(0, -1), (planned) => read(planned, true));
    for (const last of isOnce ? [] : ahead.slice(-1)) await settle(last, await read(last, false), true);
  }
  await pull.write(undefined, (db) => closeWindows(db, feed, { from: -Infinity, to: Infinity }));

  async function readAll(windows: readonly Planned[], read: (window: Planned) => Promise<WindowOutcome>): Promise<void> {
    const lanes = { most: pull.sideBySide, widen: pull.earlierRead };
    const work = async (window: Planned): Promise<Worked<Planned, WindowOutcome>> => {
      const outcome = await read(window);
      return outcome.instead === undefined ? { result: outcome } : { instead: outcome.instead };
    };
    await workSideBySide(windows, lanes, work, (window, outcome) => settle(window, outcome, false));
  }

  /** What a window gives now may have been followed by versions that were read without it. */
  async function readAgain(planned: Planned): Promise<WindowOutcome> {
    const outcome = await new WindowReading(pull, type).read(planned, { left: planned.left });
    const isWhole = outcome.failed.length === 0 && planned.from !== -Infinity;
    const whole = isWhole ? await readHistory(pull, type, planned.from, left.find(isHistoryFrom(planned.from))) : undefined;
    return whole ? { heard: [whole], failed: [] } : outcome;
  }

  /** What an earlier pull left is read to its end, and from there on once more, for what has come since. */
  async function readAhead(): Promise<WindowOutcome | undefined> {
    const begun = left.find(isHistoryFrom(start));
    const first = await readHistory(pull, type, start, begun);
    if (first === undefined || begun === undefined || begun.askedAt === pull.until) return first && { heard: [first], failed: [] };
    const second = await readHistory(pull, type, begun.askedAt - pull.overlapMs);
    return second && { heard: [first, second], failed: [] };
  }

  async function planAhead(): Promise<Planned[]> {
    const ahead = { from: start, to: pull.until };
    // Of what has been read and was empty hardly anything is expected: one question will do.
    const wasEmpty = Number.isFinite(start) && held.seenUntil === undefined && held.readUntil > start;
    return wasEmpty && start < pull.until ? [ahead] : withShortEnd(isOnce, await planWindows(pull, type, { stretches: [ahead], left }));
  }

  async function settle(window: Interval, { heard, failed }: WindowOutcome, isLast: boolean): Promise<void> {
    const seen = {
      since: cursor.since,
      seenUntil: latestOf([cursor.seenUntil, ...heard.map((each) => each.seenUntil)]),
      readUntil: Math.max(cursor.readUntil, window.to),
      // A record that can change may stand in any later window, whenever what it tells of happened.
      coveredUntil:
        isOnce || isLast ? Math.max(cursor.coveredUntil, Math.min(window.to, pull.creditUntil) - pull.lagMs) : cursor.coveredUntil,
    };
    cursor = seen;
    await pull.write(undefined, async (db) => {
      await closeWindows(db, feed, window);
      await writeFailed(db, feed, window, gapsLeftBy(pull, { failed, again, held, isOnce }));
      await writeCursor(db, feed, seen);
      if (heard.length > 0) await addRunCount(db, { ...feed, runId: pull.scope.runId }, sumCounts(heard));
      if (isOnce || isLast) await creditSearched(db, feed);
    });
    const read = heard.reduce((sum, each) => sum + each.read, 0);
    const reason = failed[0]?.reason;
    const { from, to } = window;
    const [watched, feeds] = [Math.min(place.behind() + 1, place.feeds), place.feeds];
    pull.onWindow({ source: feed.source, type, from, to, read, feed: watched, feeds, ...(reason === undefined ? {} : { failed: reason }) });
  }
}

function sumCounts(heard: readonly Heard[]): FeedCount {
  const counts = heard.flatMap(({ count }) => count ?? []);
  return {
    expected: counts.reduce((sum, { expected }) => sum + expected, 0),
    given: counts.reduce((sum, { given }) => sum + given, 0),
    counted: counts.length,
    uncounted: heard.length - counts.length,
  };
}

/** The cursor of a feed that was never read; of one whose server has set back its clock, which dates anew what it writes. */
function beginAt({ since = -Infinity, until, overlapMs }: ServerPull, held: FeedCursor | undefined): FeedCursor {
  if (held === undefined) return { since, seenUntil: undefined, readUntil: since, coveredUntil: -Infinity };
  return held.readUntil - until > overlapMs ? { ...held, seenUntil: undefined, readUntil: held.since } : held;
}

/** The smaller of what was really seen and what was asked for, less an overlap: indexes lag, and reading twice does no harm. */
function resumeAt({ until, overlapMs }: ServerPull, { since, seenUntil, readUntil }: FeedCursor): Instant {
  return seenUntil === undefined ? since : Math.max(Math.min(seenUntil, readUntil, until) - overlapMs, since);
}

/**
 * What failed, and what is therefore not known. Something read once more, which failed only now, is no gap: whatever the
 * server was slow to show lies after what was credited. Of a type whose records can change everything is open from where
 * the credit ended, for what changed in the window may tell of long before; of others only the lag before the window.
 */
function gapsLeftBy(
  { lagMs }: ServerPull,
  seen: {
    readonly failed: WindowOutcome["failed"];
    readonly again: readonly FailedInterval[];
    readonly held: FeedCursor;
    readonly isOnce: boolean;
  },
): FailedInterval[] {
  const { failed, again, held, isOnce } = seen;
  const unread = [...again, { from: held.readUntil - lagMs, to: Infinity }];
  return failed.flatMap(({ reason, ...window }) =>
    intersect([window], unread).map((part): FailedInterval => {
      const before = again.filter((other) => other.from < part.to && part.from < other.to).map(({ blindFrom }) => blindFrom);
      const own = isOnce ? Math.max(part.from - lagMs, held.coveredUntil) : held.coveredUntil;
      return { ...part, blindFrom: earliestOf(covers(again, part) ? before : [...before, own]) ?? own, reason };
    }),
  );
}
