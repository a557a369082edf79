import type { Kysely } from "kysely";
import type { ServerAccess } from "../config/server-access.ts";
import type { Database } from "../db/schema.ts";
import type { FhirVersion } from "../domain/fhir-version.ts";
import type { Instant } from "../domain/instant.ts";
import type { FailedWindow, PullNotes } from "../domain/scan-summary.ts";
import { UserError } from "../domain/user-error.ts";
import { notOffered, originOf, readCapability } from "../fhir/capability.ts";
import { FhirFailure, isOfServer } from "../fhir/fhir-failure.ts";
import { openFhirServer, type Patience } from "../fhir/fhir-server.ts";
import { limitRequests } from "../fhir/limit-requests.ts";
import { PageSizes } from "../fhir/page-size.ts";
import { usualBudget, withinBudget, type Budget } from "../fhir/within-budget.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";
import { addCoverage } from "../store/coverage.ts";
import { creditSearched, findCursor, listFailed, noteServer } from "../store/feed-cursor.ts";
import { writeLatest } from "../store/site.ts";
import { countUnfetched } from "../store/unfetched.ts";
import { openBatchWriter } from "./batch-writer.ts";
import { openNormaliser, type Normaliser } from "./normalise-apart.ts";
import type { PullScope } from "./pull-scope.ts";
import { pullFeed } from "./pull-feed.ts";
import { pullUnfetched } from "./pull-unfetched.ts";
import { pulledTypes } from "./pulled-types.ts";
import { remarksOf } from "./server-remarks.ts";
import type { ServerPull, WindowRead } from "./server-pull.ts";
import { joinFailed } from "./window-reading.ts";

/** A FHIR server to read from. */
export interface ServerToRead {
  readonly name: string;
  /** Base URL. */
  readonly url: string;
  readonly access?: ServerAccess | undefined;
  /** What it is to speak; absent: whatever it says. */
  readonly fhirVersion?: FhirVersion;
  /** How long after an event its record may come to be found by a search; milliseconds. */
  readonly lagMs: number;
  /** Only these types; absent: all that can be used and the server offers. */
  readonly types?: readonly string[];
  /** How many requests are under way at once; absent: as usual. */
  readonly sideBySide?: number;
  /** Whether windows are compared with what the server counts in them; absent: yes. */
  readonly counts?: boolean;
  /** What one run may cost; absent, or in part: as usual. */
  readonly budget?: Partial<Budget>;
}

export interface ServerPullOptions {
  readonly source: ServerToRead;
  readonly context: NormaliseContext;
  readonly clock: () => Instant;
  readonly random: () => number;
  /** From where on feeds are asked for that never were; absent: everything. */
  readonly since: Instant | undefined;
  /** Reads the last days again, for what a server indexed late. */
  readonly isReconcile: boolean;
  readonly onWindow: (window: WindowRead) => void;
  readonly patience?: Partial<Patience> | undefined;
}

/** Few enough for a server that others work with: half of it, where it is not quick. */
export const usualSideBySide = 8;
const overlapMs = 10 * 60_000;
const reconcileOverlapMs = 2 * 86_400_000;

/**
 * Reads what is new at a server, feed by feed, and credits the coverage that its clock allows. What it does not give is a
 * gap and is asked for again next time; the other feeds are read all the same.
 * @returns the instant up to which it may be judged, and what a person should hear
 * @throws UserError where the server cannot be read at all
 */
export async function pullServer(db: Kysely<Database>, scope: PullScope, options: ServerPullOptions): Promise<ServerPulled> {
  const normaliser = openNormaliser(scope.site.name, options.context);
  try {
    return await pullNormalised(db, scope, options, normaliser);
  } finally {
    await normaliser.close();
  }
}

interface ServerPulled {
  readonly until: Instant;
  readonly notes: PullNotes;
}

async function pullNormalised(
  db: Kysely<Database>,
  scope: PullScope,
  options: ServerPullOptions,
  normaliser: Normaliser,
): Promise<ServerPulled> {
  const { source, context, clock, random, since, isReconcile, patience } = options;
  const sideBySide = source.sideBySide ?? usualSideBySide;
  const opened = openFhirServer({ base: source.url, access: source.access, clock, random, patience });
  const server = limitRequests(withinBudget(opened, { ...usualBudget, ...source.budget }, clock), sideBySide);
  const asked = clock();
  const capability = await readCapability(server, source.name, source.fhirVersion);
  await refuseOtherServer(db, scope, source);
  const until = capability.date ?? asked;
  const creditUntil = Math.min(until, clock());
  const types = pulledTypes.filter((type) => capability.types.has(type) && (source.types?.includes(type) ?? true));
  await addCoverage(
    db,
    scope.siteId,
    scope.source,
    types.map((type) => ({ type, intervals: [], how: "searched" })),
  );
  const pull: ServerPull = {
    db,
    scope,
    server,
    capability,
    context,
    normaliser,
    until,
    creditUntil,
    lagMs: source.lagMs,
    overlapMs: Math.max(isReconcile ? reconcileOverlapMs : overlapMs, source.lagMs),
    ...(since === undefined ? {} : { since }),
    write: openBatchWriter(db, scope),
    sideBySide,
    earlierRead: Promise.resolve(),
    counts: source.counts ?? true,
    uncounted: new Set(),
    countsFailed: new Map(),
    bounded: new Map(),
    pageSizes: new PageSizes(),
    askedFor: new Set(),
    unfetched: new Set(),
    onWindow: options.onWindow,
  };
  const lost = await pullFeeds(pull, types);
  if (lost.size === 0) await askAgain(pull);
  const failed: FailedWindow[] = [];
  for (const type of types) {
    const feed = { siteId: scope.siteId, source: scope.source, type };
    const reason = lost.get(type);
    // Where everything was asked for, a feed without records is credited from the first of the others on, which came later.
    if (reason === undefined) await creditSearched(db, feed);
    const windows = await listFailed(db, feed);
    const unasked =
      reason === undefined ? [] : [{ from: (await findCursor(db, feed))?.readUntil ?? since ?? -Infinity, to: until, reason }];
    for (const { from, to, reason: why } of joinFailed([...windows, ...unasked])) {
      failed.push({ source: scope.source, type, ...(from !== -Infinity && { from }), to, reason: why });
    }
  }
  // Later than this nothing can be known, so nothing is judged there: or every scan would say that its last minutes are a gap.
  const known = creditUntil - source.lagMs;
  await writeLatest(db, scope.siteId, known);
  const serverRemarks = remarksOf({
    source,
    capability,
    asked,
    isDated: capability.date !== undefined,
    owed: await countUnfetched(db, { siteId: scope.siteId, source: scope.source }),
  });
  return {
    until: known,
    notes: { afterClock: 0, cutShort: [], failedWindows: failed, notOffered: notOffered(source, capability), serverRemarks },
  };
}

/**
 * Several feeds at once, begun in their order; a server that no longer answers at all is not asked for what was not read by
 * then. Why those that were lost were.
 */
async function pullFeeds(pull: ServerPull, types: readonly string[]): Promise<Map<string, string>> {
  const lost = new Map<string, string>();
  const defects: unknown[] = [];
  let gone: string | undefined;
  let behind = 0;
  const pulls: Promise<void>[] = [];
  for (const [index, type] of types.entries()) {
    const earlierRead = Promise.all(pulls);
    pulls.push(pullOne(type, Promise.all(pulls.slice(0, Math.max(index + 1 - pull.sideBySide, 0))), earlierRead));
  }
  await Promise.all(pulls);
  // What was given to the writer is not waited for page by page: nobody else may begin before all of it is written.
  const written = pull.write(undefined);
  await Promise.allSettled([written]);
  if (defects.length > 0) throw defects[0];
  await written;
  return lost;

  async function pullOne(type: string, room: Promise<unknown>, earlierRead: Promise<unknown>): Promise<void> {
    await room;
    if (gone !== undefined || defects.length > 0) {
      lost.set(type, gone ?? "");
      return;
    }
    try {
      await pullFeed({ ...pull, earlierRead }, type, { feeds: types.length, behind: () => behind });
    } catch (error) {
      if (!(error instanceof FhirFailure)) defects.push(error);
      else {
        lost.set(type, error.reason);
        if (isOfServer(error)) gone ??= error.reason;
      }
    }
    behind += 1;
  }
}

/** What the server fails to give once more is left to the next pull. */
async function askAgain(pull: ServerPull): Promise<void> {
  try {
    await pullUnfetched(pull);
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error;
  }
}

/** @throws UserError `source-is-another-server` */
export async function refuseOtherServer(db: Kysely<Database>, { siteId, site, source }: PullScope, { url }: ServerToRead): Promise<void> {
  const other = await noteServer(db, siteId, source, url);
  if (other === undefined) return;
  throw new UserError(
    "source-is-another-server",
    `Source "${source}" of site ${site.name} was read from another address (${originOf(other)}) before.`,
    "Give the new server a name of its own (--source NAME, or name: in followthrough.yaml), or a site of its own where its ids mean other records.",
  );
}
