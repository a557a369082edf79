import { settingsOf } from "./site-view.ts";
import { sql, type Kysely } from "kysely";
import type { SiteConfig } from "../config/config.ts";
import type { Connection } from "../db/connect.ts";
import type { Database } from "../db/schema.ts";
import { joinedActivities } from "../detect/joined-activities.ts";
import { beforeByCalendar } from "../domain/duration.ts";
import type { Instant } from "../domain/instant.ts";
import type { Signal } from "../domain/signal.ts";
import { unassignedTeam } from "../domain/viewer.ts";
import { findingVerdicts, type Verdict } from "../domain/verdict.ts";
import { copiedBy } from "../domain/by-actor.ts";
import { wantedBy } from "../domain/wanted.ts";
import { readMapping } from "../normalise/read-mapping.ts";
import { logicHash } from "../signals/logic-hash.ts";
import { takeSignalsInForce } from "../store/signal-version.ts";
import { getSite } from "../store/site.ts";
import { detectSite } from "./detect.ts";
import { relateSite } from "./relate.ts";
import { tryOut } from "./try-out.ts";

/** What a definition says of what is held, beside what the one in force said. */
export interface Backtest {
  readonly now: Instant;
  /** From the first loop that opened to `now`. */
  readonly weeks: number;
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** Missed, late or occurred, by the team whose they are. */
  readonly teams: readonly { readonly team: string; readonly findings: number }[];
  /** Loops that the definition in force has too: none where it never ran here. */
  readonly against: { readonly version: number; readonly fresh: number; readonly gone: number; readonly changed: number } | undefined;
}

interface JudgedLoop {
  readonly loop_id: string;
  readonly signal_version: number;
  readonly verdict: Verdict;
  readonly opened_at: Instant;
  readonly due_at: Instant;
  readonly team: string | null;
}

/**
 * Judges what is held by a definition as if it had always been in force. All of it happens in one transaction that is rolled back:
 * nothing is written. Unread changes wait for the next scan.
 */
export function backtest(connection: Connection, config: SiteConfig, signal: Signal, now?: Instant): Promise<Backtest> {
  return tryOut(connection, config.name, (db) => judgeBy(db, config, signal, now));
}

async function judgeBy(db: Kysely<Database>, config: SiteConfig, signal: Signal, given: Instant | undefined): Promise<Backtest> {
  const site = await getSite(db, config.name);
  const { siteId } = site;
  const { judged_at, judged_with } = await db
    .selectFrom("site")
    .select(["judged_at", "judged_with"])
    .where("site_id", "=", siteId)
    .executeTakeFirstOrThrow();
  const now = given ?? judged_at ?? site.latestAt;
  if (now === undefined) return { now: 0, weeks: 0, verdicts: {}, teams: [], against: undefined };
  const before = await readLoops(db, siteId, signal.id);
  // As if no other definition had ever been in force.
  for (const table of ["signal_version", "signal_in_force"] as const)
    await db.deleteFrom(table).where("site_id", "=", siteId).where("signal", "=", signal.id).execute();
  const signals = await takeSignalsInForce(db, siteId, [{ signal, edition: logicHash(signal) }], now);
  const { madeFrom, urgency } = readMapping(config.mapping);
  const { ending, lookBackMs } = joinedActivities([signal]);
  const wanted = wantedBy([signal]);
  const copied = copiedBy([signal]);
  await relateSite(db, { siteId, name: config.name, rules: urgency, wanted, copied, ending, measures: false });
  const watchSince = site.watchSince ?? judged_with?.watchFrom ?? undefined;
  const line = Math.min(beforeByCalendar(now, config.retention, config.timeZone), now - lookBackMs);
  await detectSite(db, { siteId, ...settingsOf(config), watchSince, madeFrom, signals, wanted }, { now, line, everybody: true });
  return compare(before, await readLoops(db, siteId, signal.id), now);
}

async function readLoops(db: Kysely<Database>, siteId: number, signal: string): Promise<JudgedLoop[]> {
  const { rows } = await sql<JudgedLoop>`select loop_id, signal_version, verdict, opened_at, due_at, team from loop
    where site_id = ${siteId} and signal = ${signal} and not before_watch`.execute(db);
  return rows;
}

const weekMs = 7 * 86_400_000;

function compare(before: readonly JudgedLoop[], after: readonly JudgedLoop[], now: Instant): Backtest {
  const findings = after.filter(({ verdict }) => findingVerdicts.includes(verdict) && verdict !== "unknown");
  const old = new Map(before.map((loop) => [loop.loop_id, loop]));
  const ids = new Set(after.map((loop) => loop.loop_id));
  const changed = after.filter((loop) => {
    const was = old.get(loop.loop_id);
    return was && (was.verdict !== loop.verdict || was.due_at !== loop.due_at);
  });
  const teams = Map.groupBy(findings, ({ team }) => team ?? unassignedTeam);
  return {
    now,
    weeks: after.length === 0 ? 0 : Math.max(1, Math.ceil((now - Math.min(...after.map((loop) => loop.opened_at))) / weekMs)),
    verdicts: Object.fromEntries([...Map.groupBy(after, ({ verdict }) => verdict)].map(([verdict, loops]) => [verdict, loops.length])),
    teams: [...teams]
      .map(([team, loops]) => ({ team, findings: loops.length }))
      .sort((a, b) => b.findings - a.findings || (a.team < b.team ? -1 : 1)),
    against:
      before.length === 0
        ? undefined
        : {
            version: Math.max(...before.map((loop) => loop.signal_version)),
            fresh: after.filter((loop) => !old.has(loop.loop_id)).length,
            gone: before.filter((loop) => !ids.has(loop.loop_id)).length,
            changed: changed.length,
          },
  };
}
