import { sql } from "kysely";
import { isFinding } from "../domain/loop.ts";
import { rankOf } from "../domain/rank.ts";
import { currentStatuses, statusOf, type PastStep, type Standing, type Status, type Step } from "../domain/status.ts";
import type { Priority, Tier, Urgency, Verdict } from "../domain/verdict.ts";
import type { Db } from "./db.ts";
import { readLabels } from "./record-label.ts";

export interface Reviewed extends Standing {
  readonly reviews: number;
}

/** What a loop's standing follows from, beside its reviews and its labels. */
export interface StandingLoop {
  readonly patient_key: bigint;
  readonly loop_id: string;
  readonly subject_key: bigint;
  readonly signal: string;
  readonly signal_version: number;
  readonly verdict: Verdict;
  readonly before_watch: boolean;
  readonly urgency: Urgency | null;
  readonly priority: Priority | null;
}

/** The columns of `loop` that are worked out, never judged. */
export interface LoopStanding {
  readonly status: Status;
  readonly status_reason: string | null;
  readonly reviews: number;
  readonly rank: number;
  readonly tier: Tier;
  readonly restricted: boolean;
  readonly test: boolean;
  readonly is_current: boolean;
}

export const standingColumns = {
  status: "text",
  status_reason: "text",
  reviews: "integer",
  rank: "smallint",
  tier: "text",
  restricted: "boolean",
  test: "boolean",
  is_current: "boolean",
};

/** The recorded steps on these loops, oldest first; a loop without any is absent. */
export async function readPastSteps(db: Db, loopIds: readonly string[]): Promise<Map<string, PastStep[]>> {
  if (loopIds.length === 0) return new Map();
  const { rows } = await sql<PastStep & { loop_id: string; step: Step }>`
    select loop_id, step, reviewer, at, verdict from review where loop_id = any(${[...loopIds]}::uuid[]) order by at, review_id`.execute(
    db,
  );
  return Map.groupBy(rows, (row) => row.loop_id);
}

/** Where each of these loops of a site stands: a function of what a scan says of it, its reviews, and the labels of record and patient. */
export async function deriveStandings(db: Db, siteId: number, loops: readonly StandingLoop[]): Promise<Map<string, LoopStanding>> {
  if (loops.length === 0) return new Map();
  const steps = await readPastSteps(
    db,
    loops.map((loop) => loop.loop_id),
  );
  const tiers = await readTiers(db, siteId);
  const labels = await readLabels(
    db,
    loops.map((loop) => loop.subject_key),
    loops.map((loop) => loop.patient_key),
  );
  return new Map(
    loops.map((loop) => {
      const past = steps.get(loop.loop_id) ?? [];
      const { status, reason = null } = statusOf(past, loop);
      const borne = new Set([...(labels.get(loop.subject_key) ?? []), ...(labels.get(loop.patient_key) ?? [])]);
      return [
        loop.loop_id,
        {
          status,
          status_reason: reason,
          reviews: past.length,
          rank: rankOf(loop),
          // A definition that is not held is nobody's to act on.
          tier: tiers.get(`${loop.signal} ${String(loop.signal_version)}`) ?? "experimental",
          restricted: borne.has("restricted"),
          test: borne.has("test"),
          is_current: isFinding({ verdict: loop.verdict, beforeWatch: loop.before_watch }) && currentStatuses.includes(status),
        },
      ];
    }),
  );
}

async function readTiers(db: Db, siteId: number): Promise<Map<string, Tier>> {
  // Every edition of a signal has the tier of now.
  const { rows } = await sql<{ signal: string; version: number; tier: Tier }>`
    select distinct signal, version, definition ->> 'tier' as tier from signal_version where site_id = ${siteId}`.execute(db);
  return new Map(rows.map(({ signal, version, tier }) => [`${signal} ${String(version)}`, tier]));
}
