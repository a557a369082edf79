import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { earliestOf, latestOf, type Instant } from "../domain/instant.ts";
import type { PullNotes } from "../domain/scan-summary.ts";
import { openBulkRequests } from "../fhir/bulk-requests.ts";
import { notOffered, readCapability, type Capability } from "../fhir/capability.ts";
import { FhirFailure } from "../fhir/fhir-failure.ts";
import { openFhirServer } from "../fhir/fhir-server.ts";
import { PageSizes } from "../fhir/page-size.ts";
import { findExport, releaseLeftOut, type HeldExport } from "../store/bulk-export.ts";
import { listExported } from "../store/bulk-feed.ts";
import { addCoverage } from "../store/coverage.ts";
import { writeLatest } from "../store/site.ts";
import { countUnfetched } from "../store/unfetched.ts";
import { usualPatience, type BulkPull, type ExportWait, type ServerToExport } from "./bulk-pull.ts";
import { Brought } from "./brought.ts";
import { beginExport, carryOut } from "./pull-bulk-export.ts";
import { deleteExport } from "./pull-bulk-end.ts";
import { planExports } from "./pull-bulk-plan.ts";
import { normaliseHere } from "./normalise-apart.ts";
import { pulledTypes } from "./pulled-types.ts";
import type { PullScope } from "./pull-scope.ts";
import { openBatchWriter } from "./batch-writer.ts";
import { refuseOtherServer, usualSideBySide, type ServerPullOptions } from "./pull-server.ts";
import { pullUnfetched } from "./pull-unfetched.ts";
import { remarksOf } from "./server-remarks.ts";

export interface BulkPullOptions extends Omit<ServerPullOptions, "source"> {
  readonly source: ServerToExport;
  readonly onWait: (wait: ExportWait) => void;
}

const overlapMs = 10 * 60_000;
const reconcileOverlapMs = 2 * 86_400_000;
/** An export that is no nearer its end after so long has been forgotten by whoever makes it. */
const longestExportMs = 7 * 86_400_000;

/**
 * Reads what is new at a server by having it export: goes on with an export that an earlier pull left, then has what is
 * new since exported, and credits the coverage that the exports say.
 * @returns the instant up to which it may be judged, where an export came to its end, and what a person should hear
 * @throws UserError where the server cannot be read at all, or offers no export
 */
export async function pullBulk(
  db: Kysely<Database>,
  scope: PullScope,
  options: BulkPullOptions,
): Promise<{ until: Instant | undefined; notes: PullNotes }> {
  const { source, clock, random } = options;
  const server = openFhirServer({ base: source.url, access: source.access, clock, random, patience: options.patience });
  const asked = clock();
  const capability = await readCapability(server, source.name, source.fhirVersion);
  await refuseOtherServer(db, scope, source);
  const pull = openPull(db, scope, options, { server, capability });
  const feeds = pull.wanted.map((type) => ({ type, intervals: [], how: "manifest" as const }));
  await addCoverage(db, scope.siteId, scope.source, feeds);
  const brought = new Brought();
  const isFree = await goOn(pull, brought);
  if (isFree) await exportNew(pull, options.since ?? -Infinity, brought);
  if (brought.listFailed(scope.source).length === 0) await releaseLeftOut(db, { siteId: scope.siteId, source: scope.source });
  const until = knownUntil(pull, brought);
  if (until !== undefined) {
    await askAgain(pull);
    await writeLatest(db, scope.siteId, until);
  }
  const owed = await countUnfetched(db, { siteId: scope.siteId, source: scope.source });
  return { until, notes: notesOf(pull, source, brought, { asked, isDated: capability.date !== undefined, owed }) };
}

function openPull(
  db: Kysely<Database>,
  scope: PullScope,
  options: BulkPullOptions,
  { server, capability }: Pick<BulkPull, "server" | "capability">,
): BulkPull {
  const { source, context, clock, random, since, isReconcile, onWindow, onWait } = options;
  const { timeoutMs, ...patience } = { ...usualPatience, ...options.patience };
  const until = capability.date ?? clock();
  const offered = pulledTypes.filter((type) => capability.types.has(type));
  return {
    db,
    scope,
    server,
    capability,
    context,
    // What is asked for beside an export is little.
    normaliser: normaliseHere(scope.site.name, context),
    until,
    creditUntil: Math.min(until, clock()),
    lagMs: source.lagMs,
    overlapMs: Math.max(isReconcile ? reconcileOverlapMs : overlapMs, source.lagMs),
    ...(since === undefined ? {} : { since }),
    write: openBatchWriter(db, scope),
    sideBySide: source.sideBySide ?? usualSideBySide,
    earlierRead: Promise.resolve(),
    counts: false,
    uncounted: new Set(),
    countsFailed: new Map(),
    bounded: new Map(),
    pageSizes: new PageSizes(),
    askedFor: new Set(),
    unfetched: new Set(),
    onWindow,
    ask: openBulkRequests({ base: source.url, access: source.access, clock, timeoutMs }),
    settings: source.bulk,
    level: source.bulk.group === undefined ? source.bulk.level : `group/${source.bulk.group}`,
    wanted: source.types ?? offered,
    clock,
    random,
    patience,
    budget: { leftMs: source.bulk.waitMs },
    onWait,
  };
}

/** What an earlier pull began. @returns whether another export may be begun */
async function goOn(pull: BulkPull, brought: Brought): Promise<boolean> {
  const { db, scope, wanted } = pull;
  const held = await findExport(db, { siteId: scope.siteId, source: scope.source });
  if (held === undefined) return true;
  if (held.ended || !isStillWanted(pull, held)) {
    await deleteExport(pull, held);
    return true;
  }
  const outcome = await carryOut(pull, held);
  if (outcome.kind === "ended") brought.note(held, outcome, false);
  if (outcome.kind === "waiting") brought.noteNothing(held.types.length > 0 ? wanted : ["*"], held.since, pull.until, outcome.reason);
  return outcome.kind !== "waiting";
}

function isStillWanted({ level, wanted, clock }: BulkPull, held: HeldExport): boolean {
  const isAsked = held.types.length === 0 ? wanted.length === 0 : held.types.every((type) => wanted.includes(type));
  return held.level === level && isAsked && clock() - held.begunAt < longestExportMs;
}

/** One export after another; one that a server loses is begun anew, once. */
async function exportNew(pull: BulkPull, since: Instant, brought: Brought): Promise<void> {
  const { db, scope, level, wanted, capability, overlapMs: overlap, until } = pull;
  const exported = await listExported(db, { siteId: scope.siteId, source: scope.source }, level);
  const searchable = new Set(capability.types.keys());
  const orders = planExports({ level, wanted, searchable, exported, since, overlapMs: overlap, until });
  for (const [index, order] of orders.entries()) {
    let outcome = await beginExport(pull, order);
    if (outcome.kind === "lost") outcome = await beginExport(pull, order);
    if (outcome.kind === "ended") brought.note(order, outcome, true);
    else {
      const lost = outcome.kind === "waiting" ? orders.slice(index) : [order];
      for (const { types, since: from } of lost) brought.noteNothing(types.length > 0 ? types : ["*"], from, until, outcome.reason);
      if (outcome.kind === "waiting") return;
    }
  }
}

/** Later than this nothing can be known, so nothing is judged there: or every scan would say that its last minutes are a gap. */
function knownUntil({ clock, lagMs }: BulkPull, { fresh, left }: Brought): Instant | undefined {
  const at = earliestOf(fresh) ?? latestOf(left);
  return at === undefined ? undefined : Math.min(at, clock()) - lagMs;
}

/** What the server fails to give once more is left to the next pull. */
async function askAgain(pull: BulkPull): Promise<void> {
  try {
    await pullUnfetched(pull);
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error;
  }
}

function notesOf(
  pull: BulkPull,
  source: ServerToExport,
  brought: Brought,
  seen: { readonly asked: Instant; readonly isDated: boolean; readonly owed: number },
): PullNotes {
  const had: Capability = {
    ...pull.capability,
    types: new Map([...pull.wanted, ...brought.types].map((type) => [type, { historyOfType: false, historyOfRecord: false }])),
  };
  // Types that are named are all asked for: what does not come of them is told with its reason.
  const { types: _named, ...unnamed } = source;
  return {
    afterClock: 0,
    cutShort: [],
    failedWindows: brought.listFailed(pull.scope.source),
    notOffered: source.types === undefined ? notOffered({}, had) : [],
    serverRemarks: remarksOf({ source: source.types === undefined ? unnamed : source, capability: had, ...seen }),
  };
}
