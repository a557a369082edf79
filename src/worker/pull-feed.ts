import { withTransaction } from "../db/transaction.ts";
import type { Key } from "../domain/facts.ts";
import { latestOf, type Instant, type Interval } from "../domain/instant.ts";
import { unite } from "../domain/interval.ts";
import { FhirFailure, isOfServer } from "../fhir/fhir-failure.ts";
import { findFirstUpdate, readTypeHistory, searchWindow } from "../fhir/search.ts";
import { cutWindows, halve } from "../fhir/time-windows.ts";
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
import { fetchingReferenced, pullReferenced } from "./pull-referenced.ts";
import { noteLaterVersions, pullVersions } from "./pull-versions.ts";
import { workflowTypes } from "./pulled-types.ts";
import { takeInGiven, type Heard, type ServerPull } from "./server-pull.ts";

const hourMs = 3_600_000;
/** So many refusals one after another are no single record that the server trips over: then only the end of it is looked for. */
const manyRefusals = 6;

/** What one window brought: which parts of it failed, and what was heard of the others. */
interface WindowOutcome {
  readonly heard: readonly Heard[];
  readonly failed: readonly FailedInterval[];
}

/**
 * Pulls one feed up to the server's clock: first the windows that failed before, then from where the last pull ended. Each
 * window is committed with the cursor when it and what it names have been read, so a pull may stop at any instant.
 * @throws FhirFailure where the server as a whole no longer answers
 */
export async function pullFeed(pull: ServerPull, type: string, place: { readonly feed: number; readonly feeds: number }): Promise<void> {
  const feed: FeedName = { siteId: pull.scope.siteId, source: pull.scope.source, type };
  const cursor = await findCursor(pull.db, feed);
  const since = cursor?.since ?? pull.since ?? -Infinity;
  const again = await listFailed(pull.db, feed);
  const start = cursor === undefined ? since : resumeAt(cursor, pull.overlapMs);
  const reading = new FeedReading(pull, type);
  const ahead = await planWindows(pull, type, [...again, { from: start, to: pull.until }]);
  if (await readAsHistory()) return;
  for (const window of ahead) await settle(window, await reading.read(window));

  /** Every version in one stream, where the server has it; what breaks it is told by reading in windows. */
  async function readAsHistory(): Promise<boolean> {
    if (!workflowTypes.has(type) || pull.capability.types.get(type)?.historyOfType !== true) return false;
    const window = { from: Math.min(start, ...again.map(({ from }) => from)), to: pull.until };
    try {
      const named = new Set<Key>();
      const given = fetchingReferenced(pull, readTypeHistory(pull.server, type, window.from), named);
      const heard = await takeInGiven(pull, `${type} history`, given, named);
      await pullReferenced(pull, named);
      await settle(window, { heard: [heard], failed: [] });
      return true;
    } catch (error) {
      if (!(error instanceof FhirFailure) || isOfServer(error)) throw error;
      return false;
    }
  }

  async function settle(window: Interval, { heard, failed }: WindowOutcome): Promise<void> {
    await withTransaction(pull.db, async (db) => {
      await writeFailed(db, feed, window, failed);
      const coveredUntil = Math.min(window.to, pull.until - pull.lagMs);
      const seenUntil = latestOf(heard.map((each) => each.seenUntil));
      await writeCursor(db, feed, { since, seenUntil, readUntil: window.to, coveredUntil });
      await creditSearched(db, feed, pull.lagMs);
    });
    const read = heard.reduce((sum, each) => sum + each.read, 0);
    const reason = failed[0]?.reason;
    pull.onWindow({ source: feed.source, type, ...window, read, ...place, ...(reason === undefined ? {} : { failed: reason }) });
  }
}

/** The smaller of what was really seen and what was asked for, less an overlap: indexes lag, and reading twice does no harm. */
function resumeAt({ since, seenUntil, readUntil }: FeedCursor, overlapMs: number): Instant {
  return seenUntil === undefined ? since : Math.max(Math.min(seenUntil, readUntil) - overlapMs, since);
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
      if (!(error instanceof FhirFailure) || isOfServer(error)) throw error;
      return undefined;
    }
  }
}

/**
 * Reads windows of one feed; one that fails is read in halves, down to the minute. In a long outage that would be thousands
 * of questions: there the later half is asked first, and where that fails too all before it is taken to have failed.
 */
class FeedReading {
  readonly #pull: ServerPull;
  readonly #type: string;
  #refusals = 0;

  constructor(pull: ServerPull, type: string) {
    this.#pull = pull;
    this.#type = type;
  }

  async read(window: Interval, isAgain = false): Promise<WindowOutcome> {
    try {
      const heard = await this.#readWhole(window);
      this.#refusals = 0;
      return { heard: [heard], failed: [] };
    } catch (error) {
      if (!(error instanceof FhirFailure) || isOfServer(error)) throw error;
      // Pages expire while they are read: then the window is begun anew, once.
      if (!isAgain && (error.status === 404 || error.status === 410 || error.kind === "pages")) return this.read(window, true);
      const halves = isAboutContent(error) ? halve(window) : undefined;
      const { reason } = error;
      this.#refusals += 1;
      if (halves === undefined) return { heard: [], failed: [{ ...window, reason }] };
      const [earlier, later] = halves;
      if (this.#refusals <= manyRefusals) return join([await this.read(earlier), await this.read(later)]);
      const end = await this.read(later);
      return join([
        end.heard.length === 0 || isFailedAt(end, later.from) ? { heard: [], failed: [{ ...earlier, reason }] } : await this.read(earlier),
        end,
      ]);
    }
  }

  /** A window is read when also what it names has been. */
  async #readWhole(window: Interval): Promise<Heard> {
    const [pull, type] = [this.#pull, this.#type];
    const later: Parameters<typeof noteLaterVersions>[1] = [];
    const wantsVersions = workflowTypes.has(type) && pull.capability.types.get(type)?.historyOfRecord === true;
    const named = new Set<Key>();
    const given = fetchingReferenced(pull, searchWindow(pull.server, type, window), named);
    const heard = await takeInGiven(pull, `${type} search`, wantsVersions ? noteLaterVersions(given, later) : given, named);
    await pullVersions(pull, type, later, named);
    await pullReferenced(pull, named);
    return heard;
  }
}

/** Whether a part of the window might be given where the whole is not: not where the question itself is refused. */
function isAboutContent({ kind, status }: FhirFailure): boolean {
  return kind === "pages" || kind === "not-fhir" || status === undefined || status >= 500 || status === 413 || status === 410;
}

function isFailedAt({ failed }: WindowOutcome, at: Instant): boolean {
  return failed.some(({ from, to }) => from <= at && at < to);
}

function join(outcomes: readonly WindowOutcome[]): WindowOutcome {
  return { heard: outcomes.flatMap(({ heard }) => heard), failed: joinFailed(outcomes.flatMap(({ failed }) => failed)) };
}

function joinFailed(failed: readonly FailedInterval[]): FailedInterval[] {
  return [...Map.groupBy(failed, ({ reason }) => reason)].flatMap(([reason, alike]) =>
    unite(alike).map((interval) => ({ ...interval, reason })),
  );
}
