import { withTransaction } from "../db/transaction.ts";
import { earliestOf, latestOf, type Instant, type Interval } from "../domain/instant.ts";
import { covers, intersect } from "../domain/interval.ts";
import { FhirFailure, isOfFeed } from "../fhir/fhir-failure.ts";
import { findFirstUpdate } from "../fhir/search.ts";
import { cutWindows } from "../fhir/time-windows.ts";
import {
  creditSearched,
  findCursor,
  listFailed,
  writeCursor,
  writeFailed,
  type FailedInterval,
  type FeedCursor,
  type FeedName,
} from "../store/feed-cursor.ts";
import { FeedReading, type WindowOutcome } from "./feed-reading.ts";
import { writtenOnce } from "./pulled-types.ts";
import type { ServerPull } from "./server-pull.ts";

const hourMs = 3_600_000;

/**
 * Pulls one feed up to the server's clock: first the windows that failed before, then from where the last pull ended. Each
 * window is committed with the cursor when it and what it names have been read, so a pull may stop at any instant.
 * @throws FhirFailure where nothing else of the feed is answered
 */
export async function pullFeed(pull: ServerPull, type: string, place: { readonly feed: number; readonly feeds: number }): Promise<void> {
  const feed: FeedName = { siteId: pull.scope.siteId, source: pull.scope.source, type };
  const held = beginAt(pull, await findCursor(pull.db, feed));
  const again = await listFailed(pull.db, feed);
  const start = resumeAt(pull, held);
  let cursor = held;
  const reading = new FeedReading(pull, type);
  for (const window of await planWindows(pull, type, again)) {
    const outcome = await reading.read(window);
    // What it gives now may have been followed by versions that were read without it.
    const whole = outcome.failed.length === 0 && window.from !== -Infinity ? await reading.readHistory(window.from) : undefined;
    await settle(window, whole ? { heard: [whole], failed: [] } : outcome, false);
  }
  const history = start < pull.until ? await reading.readHistory(start) : undefined;
  if (history) await settle({ from: start, to: pull.until }, { heard: [history], failed: [] }, true);
  else for (const window of await planAhead()) await settle(window, await reading.read(window), window.to === pull.until);

  async function planAhead(): Promise<Interval[]> {
    const ahead = { from: start, to: pull.until };
    // Of what has been read and was empty hardly anything is expected: one question will do.
    const wasEmpty = Number.isFinite(start) && held.seenUntil === undefined && held.readUntil > start;
    return wasEmpty && start < pull.until ? [ahead] : planWindows(pull, type, [ahead]);
  }

  async function settle(window: Interval, { heard, failed }: WindowOutcome, isLast: boolean): Promise<void> {
    const isOnce = writtenOnce.has(type);
    cursor = {
      since: cursor.since,
      seenUntil: latestOf([cursor.seenUntil, ...heard.map((each) => each.seenUntil)]),
      readUntil: Math.max(cursor.readUntil, window.to),
      // A record that can change may stand in any later window, whenever what it tells of happened.
      coveredUntil:
        isOnce || isLast ? Math.max(cursor.coveredUntil, Math.min(window.to, pull.creditUntil) - pull.lagMs) : cursor.coveredUntil,
    };
    await withTransaction(pull.db, async (db) => {
      await writeFailed(db, feed, window, gapsLeftBy(pull, { failed, again, held, isOnce }));
      await writeCursor(db, feed, cursor);
      if (isOnce || isLast) await creditSearched(db, feed);
    });
    const read = heard.reduce((sum, each) => sum + each.read, 0);
    const reason = failed[0]?.reason;
    pull.onWindow({ source: feed.source, type, ...window, read, ...place, ...(reason === undefined ? {} : { failed: reason }) });
  }
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

/** What has no beginning is asked for from the oldest record on, and before it in one window more: a server may not sort. */
async function planWindows({ server, until }: ServerPull, type: string, stretches: readonly Interval[]): Promise<Interval[]> {
  const windows: Interval[] = [];
  for (const { from, to } of stretches) {
    const first = from === -Infinity ? await firstUpdate() : undefined;
    if (first === undefined || first >= to) windows.push(...cutWindows({ from, to }));
    else windows.push({ from, to: first }, ...cutWindows({ from: first, to }));
  }
  return windows;

  async function firstUpdate(): Promise<Instant | undefined> {
    try {
      const at = await findFirstUpdate(server, type);
      return at === undefined || at >= until ? undefined : Math.floor(at / hourMs) * hourMs;
    } catch (error) {
      if (!(error instanceof FhirFailure) || isOfFeed(error)) throw error;
      return undefined;
    }
  }
}
