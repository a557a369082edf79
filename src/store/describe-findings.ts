import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { caseKeyOf } from "../domain/case-key.ts";
import { exclusionsOf } from "../domain/exclusion.ts";
import { explainFinding, explanationText } from "../domain/explain-finding.ts";
import type { Key, Ref } from "../domain/facts.ts";
import type { DeletedRecord, Finding, ShownEvidence, ShownGap } from "../domain/finding.ts";
import { formatInstant } from "../domain/format-instant.ts";
import { nameOf } from "../domain/key.ts";
import type { Gap } from "../domain/loop.ts";
import { readCaseWorlds } from "./case-world.ts";
import { listDeleted } from "./deleted-records.ts";
import { readEvidence, type EvidenceRow, type LoopEvidence } from "./evidence.ts";
import type { FindingRow, LoopRow } from "./finding-rows.ts";
import { resolveOfSites } from "./newest-facts.ts";
import { noneQuiet, type QuietSites } from "./quiet-sites.ts";
import { recall } from "./recall.ts";

/** What the records of a site say about a finding's place: its case, patient and encounter. */
interface Place {
  readonly case: Key;
  readonly patient: Key | null;
  readonly encounter: Key | null;
}

/** Findings whole, with their evidence, in the order of the rows. Reviews change where one stands between two runs, and nothing else of it. */
export async function describeFindings(
  db: Kysely<Database>,
  rows: readonly FindingRow[],
  quiet: QuietSites = noneQuiet,
): Promise<Finding[]> {
  const asked = rows.map(({ site, loop_id }) => ({ site, key: loop_id }));
  const findings = await recall(db, quiet, "finding", asked, async (missing) => {
    const ids = new Set(missing.map(({ key }) => key));
    const wanted = rows.filter(({ loop_id }) => ids.has(loop_id));
    const described = new Map((await describeAnew(db, wanted)).map((finding) => [finding.id, finding]));
    return ({ key }) => described.get(key);
  });
  return rows.map(({ standing: { status, reason = null, reviews } }, place) => {
    const finding = findings[place];
    if (!finding) throw new Error("a row was left without its finding");
    return { ...finding, status, statusReason: reason, reviews };
  });
}

async function describeAnew(db: Kysely<Database>, rows: readonly FindingRow[]): Promise<Finding[]> {
  const held = rows.filter((row) => row.sealed === null);
  const evidence = await readEvidence(db, held);
  const deleted = await listDeleted(
    db,
    held.map((row) => row.subject_key),
  );
  const places = await readPlaces(db, rows);
  const feeds = await readFeedTypes(db, [...new Set(rows.map((row) => row.site_id))]);
  return rows.map((row) => {
    const place = places.get(`${row.site} ${row.subject}`) ?? { case: row.subject, patient: null, encounter: null };
    return describe(
      row,
      place,
      feeds.get(row.site_id) ?? new Set(),
      evidence.get(row.loop_id) ?? { events: [], leftOut: 0 },
      deleted.get(row.subject_key) ?? [],
    );
  });
}

/** By site and subject, as they are written one after the other. */
async function readPlaces(db: Kysely<Database>, rows: readonly LoopRow[]): Promise<Map<string, Place>> {
  const subjects = new Map(
    [...Map.groupBy(rows, (row) => row.site)].map(([site, ofSite]) => [site, [...new Set(ofSite.map((row) => row.subject))]]),
  );
  const worlds = await readCaseWorlds(db, subjects);
  const refsOf = (site: string, subject: Key): Ref[] => {
    const newest = worlds.get(site)?.newest(subject);
    return [newest?.patient, newest?.encounter].filter((ref) => ref !== undefined);
  };
  const names = await resolveOfSites(
    db,
    new Map([...subjects].map(([site, ofSite]) => [site, ofSite.flatMap((subject) => refsOf(site, subject))])),
  );
  const places = new Map<string, Place>();
  for (const [site, ofSite] of subjects) {
    const [world, named] = [worlds.get(site), names.get(site)];
    for (const subject of world ? ofSite : []) {
      const newest = world?.newest(subject);
      // A person whom several records bear is still named, as the record names them.
      const patient = newest?.patient && (named?.get(nameOf(newest.patient)) ?? nameOf(newest.patient));
      const encounter = newest?.encounter && named?.get(nameOf(newest.encounter));
      if (world)
        places.set(`${site} ${subject}`, { case: caseKeyOf(world, subject), patient: patient ?? null, encounter: encounter ?? null });
    }
  }
  return places;
}

async function readFeedTypes(db: Kysely<Database>, siteIds: readonly number[]): Promise<Map<number, ReadonlySet<string>>> {
  const { rows } = await sql<{ site_id: number; types: string[] }>`
    select site_id, array_agg(distinct type) as types from feed where site_id = any(${[...siteIds]}::integer[]) group by site_id`.execute(
    db,
  );
  return new Map(rows.map(({ site_id, types }) => [site_id, new Set(types)]));
}

function describe(
  row: FindingRow,
  place: Place,
  feeds: ReadonlySet<string>,
  { events, leftOut }: LoopEvidence,
  restedOnDeleted: readonly DeletedRecord[],
): Finding {
  const { definition, standing, explanation } = row;
  const cancelledBy = events.find((event) => String(event.event_id) === explanation.cancelledBy)?.activity;
  const perhapsCancelledBy =
    row.reason === "time-not-recorded" ? events.filter((event) => event.precision === "upper-bound").map((event) => event.activity) : [];
  const gaps = [...row.gaps, ...row.cancelling_gaps];
  const finding: Omit<Finding, "explanation"> = {
    id: row.loop_id,
    site: row.site,
    signal: row.signal,
    signalVersion: row.signal_version,
    edition: row.edition,
    tier: definition.tier,
    severity: definition.severity,
    verdict: row.verdict,
    reason: row.reason,
    status: standing.status,
    subject: row.subject,
    case: place.case,
    sealed: row.sealed !== null,
    title: row.title,
    urgency: row.urgency,
    priority: row.priority,
    patient: place.patient,
    encounter: place.encounter,
    team: row.team,
    openedAt: formatInstant(row.opened_at),
    dueAt: row.definition.sequence ? null : formatInstant(row.due_at),
    metAt: row.met_at === null ? null : formatInstant(row.met_at),
    limit: { duration: row.limit_duration ?? "", basis: row.limit_basis ?? "" },
    coverage: { complete: row.gaps.length === 0, gaps: row.gaps.map(showGap) },
    evidence: events.map((event) => showEvidence(row, event)),
    exclusions: exclusionsOf(definition, {
      voided: explanation.voided ?? false,
      ...(cancelledBy && { cancelledBy }),
      perhapsCancelledBy,
      ...(explanation.lookBacks && { lookBacks: explanation.lookBacks }),
      gaps,
      feeds,
    }),
    statusReason: standing.reason ?? null,
    cancellingGaps: row.cancelling_gaps.map(showGap),
    restedOnDeleted,
    reviews: standing.reviews,
    evidenceLeftOut: leftOut,
    // What the records told when they still were held, over what little they tell now.
    ...(row.sealed && { ...row.sealed, evidence: row.sealed.evidence.map((event) => ({ ...event, actor: shownActor(row, event.actor) })) }),
  };
  return { ...finding, explanation: explanationText(explainFinding(finding, definition, row.judged_at ?? row.due_at)) };
}

function showGap({ type, from, to, why }: Gap): ShownGap {
  return { type, from: formatInstant(from), to: formatInstant(to), why };
}

/** Single findings of this tier are there to validate a rate, and never name a person. */
function shownActor({ definition }: LoopRow, actor: string | null): string | null {
  return definition.tier === "surveillance" ? null : actor;
}

function showEvidence(row: LoopRow, event: EvidenceRow): ShownEvidence {
  const id = String(event.event_id);
  const { metBy, cancelledBy, steps } = row.explanation;
  const did =
    event.event_id === row.opening_event
      ? "opened"
      : steps?.includes(id)
        ? "followed"
        : id === metBy
          ? "closed"
          : id === cancelledBy
            ? "cancelled"
            : undefined;
  // An order that names no result closes one only because its author had looked at it: then it is worth more.
  const isRaised = did === "closed" && event.activity === "result.actioned" && event.grade === 1;
  return {
    activity: event.activity,
    at: formatInstant(event.at),
    actor: shownActor(row, event.actor),
    record: event.record,
    grade: isRaised ? 2 : event.grade,
    ...(did && { did }),
    ...(event.precision === "upper-bound" && { atOrBefore: true as const }),
  };
}
