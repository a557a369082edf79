import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { withTransaction } from "../db/transaction.ts";
import { detectPatient } from "../detect/detect-patient.ts";
import type { PatientView, SignalHistory, SiteView } from "../detect/detection.ts";
import { joinedActivities } from "../detect/joined-activities.ts";
import { looksAsked } from "../detect/looks-asked.ts";
import type { Instant } from "../domain/instant.ts";
import { reachMs } from "../domain/reach.ts";
import { dropEmptyCounts } from "../store/loop-count.ts";
import { isWhole } from "./bounds.ts";
import { detectActors } from "./detect-actors.ts";
import { listDirtyPatients, queueSelected, reachUnsettled, unqueuePatients, type DirtyPatient } from "./dirty-patients.ts";
import { refreshStatistics, sweep } from "./housekeeping.ts";
import { judgedWith } from "./judged-with.ts";
import { queueWhatTheSiteChanged, queueWhatTimeChanged } from "./queue-changed.ts";
import { readPatients, readQuarantined } from "./read-patients.ts";
import { readClosingSeen, readSiteView, signalsOf, type SiteSettings } from "./site-view.ts";
import { writeDetections, type Detection } from "./write-detections.ts";

const batchSize = 200;
/** Where all looks of a kind are read, for a patient may have hundreds: three batches are held at once. */
const batchSizeWithLooks = 50;
/** From so many on, what was judged changes what the planner should know. */
const manyPatients = 1_000;

/** How far before an opening evidence may lie that is not on its own record: other results told of before. */
function lookBackMs(signals: readonly SignalHistory[]): number {
  const loops = signals.flatMap(({ versions }) => versions.flatMap(({ signal }) => signal.loop ?? []));
  const told = loops.map((loop) => (loop.unlessToldWithinMs ?? 0) + Math.max(0, ...loop.limits.map((limit) => limit.withinMs ?? 0)));
  const early = loops.flatMap((loop) => loop.closes.map((clause) => clause.earlyMs ?? 0));
  return Math.max(0, ...told) + Math.max(0, ...early);
}

export interface DetectOptions {
  readonly now: Instant;
  /** The retention line: what is not later does not exist. */
  readonly line: Instant;
  /** Judge every patient, from nothing but what is held. */
  readonly everybody: boolean;
}

/** Opens, closes and judges the loops of every patient for whom something may have changed. */
export async function detectSite(
  db: Kysely<Database>,
  settings: SiteSettings,
  options: DetectOptions,
  onProgress: (left: number) => void = () => undefined,
): Promise<SiteView> {
  const { now, line } = options;
  const site = await db
    .selectFrom("site")
    .select(["judged_at", "judged_with"])
    .where("site_id", "=", settings.siteId)
    .executeTakeFirstOrThrow();
  let view = await readSiteView(db, settings, now, line);
  const everybody = options.everybody || site.judged_with === null || now < (site.judged_at ?? -Infinity);
  // Before the first patient is judged: a run that dies half way leaves patients judged at its `now`, which an earlier scan must judge again.
  await sql`update site set judged_at = greatest(judged_at, ${toTimestamp(now)}::timestamptz) where site_id = ${settings.siteId}`.execute(
    db,
  );
  if (!everybody) await queueWhatTimeChanged(db, settings, site.judged_at ?? -Infinity, options);
  await queueWhatTheSiteChanged(db, settings, everybody ? null : site.judged_with, await judgedWith(db, settings, view));
  // Everybody is judged from the beginning: nobody reaches further back.
  if (!everybody) {
    // Evidence that has passed the retention line since, or that a process took down which then died.
    await followEvidence(db, settings, { ...view, closingSeen: new Set(site.judged_with?.closingSeen) }, view.closingSeen);
    await reachUnsettled(db, settings.siteId);
  }
  const all = signalsOf(settings);
  const joined = joinedActivities(all);
  const rest = { before: [...joined.before], ever: [...joined.ever], looks: looksAsked(settings.signals) };
  const quarantined = await readQuarantined(db, settings.siteId);
  const reach = reachMs(all);
  const queued = await countDirty(db, settings.siteId);
  // Vacuum found it empty: the planner would take it for so, and read all of it for each batch.
  if (queued > manyPatients) await sql`analyze dirty_patient`.execute(db);
  const readBatch = async (after?: DirtyPatient): Promise<Batch | undefined> => {
    const next = await listDirtyPatients(db, settings.siteId, { limit: batchSize, now, after });
    const [first] = next;
    if (first === undefined) return undefined;
    const { all, named } = rest.looks;
    const withLooks = isWhole({ start: first.from, line }) ? all : named;
    const listed = withLooks.length > 0 ? next.slice(0, batchSizeWithLooks) : next;
    // What changed may end a sequence that began before it.
    const dirty = listed.map(({ patient, from }) => ({ patient, from: from - reach }));
    const start = Math.max(line, Math.min(...dirty.map(({ from }) => from)) - lookBackMs(settings.signals));
    const patients = dirty.map(({ patient }) => patient);
    const views = await readPatients(db, patients, { line, start, now, ...rest }, quarantined);
    return { listed, dirty, start, views };
  };
  let left = queued;
  let [next, isFresh] = [readBatch(), true];
  let written = Promise.resolve(view);
  for (;;) {
    const batch = await next;
    if (batch === undefined) {
      view = await written;
      // Evidence may have gone as well as come: only the whole site tells, once all of it has been judged.
      const settled = isFresh ? await followEvidence(db, settings, view, await readClosingSeen(db, settings, now, line)) : undefined;
      if (settled === view) break;
      view = settled ?? view;
      // What was judged may have queued others, before the place that was reached.
      [next, isFresh, written] = [readBatch(), true, Promise.resolve(view)];
      continue;
    }
    // The next patients are read while these are judged, and these judged while those before are written: nobody else writes what is
    // read of them. One batch after the other is written, so that a process that dies leaves a queue without holes.
    const ahead = db.isTransaction ? undefined : readBatch(batch.listed.at(-1));
    ahead?.catch(() => undefined);
    let detections = judgeBatch(view, batch, now);
    const seen = await written;
    if (seen !== view) detections = judgeBatch((view = seen), batch, now);
    const judged = { now, line, view };
    written = withTransaction(db, (transaction) => writeBatch(transaction, settings, judged, batch, detections)).then((after) => {
      left -= batch.listed.length;
      onProgress(Math.max(0, left));
      return after;
    });
    written.catch(() => undefined);
    if (!ahead) await written;
    [next, isFresh] = [ahead ?? readBatch(batch.listed.at(-1)), false];
  }
  await detectActors(db, settings.siteId, view, { now, line });
  await dropEmptyCounts(db, settings.siteId);
  if (queued > manyPatients) {
    await refreshStatistics(db, ["loop", "loop_count", "closing_seen", "patient_wake"]);
    await sweep(db, ["dirty_patient"]);
  }
  await db
    .updateTable("site")
    .set({ judged_at: toTimestamp(now), judged_with: JSON.stringify(await judgedWith(db, settings, view)) })
    .where("site_id", "=", settings.siteId)
    .execute();
  return view;
}

/** Patients with what is read of them. */
interface Batch {
  /** As they are queued. */
  readonly listed: readonly DirtyPatient[];
  /** From when on they are judged. */
  readonly dirty: readonly DirtyPatient[];
  readonly start: Instant;
  readonly views: ReadonlyMap<bigint, PatientView>;
}

function judgeBatch(view: SiteView, { dirty, views }: Batch, now: Instant): Detection[] {
  return dirty.flatMap(({ patient, from }) => {
    const patientView = views.get(patient);
    return patientView ? [{ patient, from, ...detectPatient(view, patientView, now) }] : [];
  });
}

/** Writes what was concluded of a batch; returns the site as it is seen with the evidence that they hold. */
async function writeBatch(
  db: Kysely<Database>,
  settings: SiteSettings,
  { now, line, view }: { readonly now: Instant; readonly line: Instant; readonly view: SiteView },
  { listed, start }: Batch,
  detections: readonly Detection[],
): Promise<SiteView> {
  await writeDetections(db, settings, { now, line, start, blindAfterMs: settings.blindAfterMs }, detections);
  await unqueuePatients(db, listed);
  const found = detections.flatMap(({ closingSeen }) => [...closingSeen.keys()]);
  return followEvidence(db, settings, view, new Set([...view.closingSeen, ...found]));
}

async function countDirty(db: Kysely<Database>, siteId: number): Promise<number> {
  const { left } = await db
    .selectFrom("dirty_patient")
    .select(db.fn.countAll<bigint>().as("left"))
    .where("site_id", "=", siteId)
    .executeTakeFirstOrThrow();
  return Number(left);
}

/** Where the first closing evidence of a signal appears (or the last is withdrawn), its loops are judged again. */
async function followEvidence(
  db: Kysely<Database>,
  settings: SiteSettings,
  view: SiteView,
  closingSeen: ReadonlySet<string>,
): Promise<SiteView> {
  const changed = [...closingSeen.symmetricDifference(view.closingSeen)];
  if (changed.length === 0) return view;
  await queueSelected(
    db,
    sql`select patient_key, site_id, min(opened_at) from loop where site_id = ${settings.siteId} and signal = any(${changed}::text[])
      and verdict not in ('met', 'cancelled') group by patient_key, site_id`,
  );
  await reachUnsettled(db, settings.siteId);
  return { ...view, closingSeen };
}
