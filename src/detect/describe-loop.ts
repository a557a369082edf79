import { createHash } from "node:crypto";
import type { CareEvent } from "../domain/care-event.ts";
import type { Candidate, Judgement } from "../domain/judge.ts";
import type { Instant } from "../domain/instant.ts";
import type { Loop } from "../domain/loop.ts";
import { feedTypes, type MadeFrom } from "../domain/made-from.ts";
import { oncePer } from "../domain/once-per.ts";
import type { Limit, LoopSignal, LoopTemplate } from "../domain/signal.ts";
import type { Urgency } from "../domain/verdict.ts";
import type { PatientView, SiteView } from "./detection.ts";
import type { Evidence } from "./evidence.ts";
import { findGaps } from "./gaps.ts";
import { teamAtSite } from "./team-at-site.ts";
import { closingFeeds, versionActivities } from "./signal-feeds.ts";

/** A candidate with the evidence and the limit that it was made of. */
export interface JudgedCandidate extends Candidate {
  readonly limit: Limit;
  readonly urgency: Urgency | undefined;
  readonly met: Evidence | undefined;
  readonly cancelled: Evidence | undefined;
  readonly gaps: Loop["gaps"];
  /** From when on closing evidence was looked for. */
  readonly seenFrom: Instant;
}

/** A judged loop as it is kept: what opened it, what it rests on, and what could not be seen. */
export function describeLoop(
  view: SiteView,
  patient: PatientView,
  opening: CareEvent,
  signal: LoopSignal,
  shown: JudgedCandidate,
  judgement: Judgement,
  possible: readonly (Urgency | undefined)[],
): Omit<Loop, "wakes"> {
  // A dose is due while nobody has stopped it: whatever was not read since it was prescribed may have done so.
  const cancellableFrom = Math.min(opening.saidSince ?? opening.at, opening.at);
  // A met or cancelled loop rests on no absence: what was not seen does not matter to it.
  const isDecided = judgement.verdict === "met" || judgement.verdict === "cancelled";
  const cancelling = isDecided ? [] : cancellingFeeds(signal, opening, view.madeFrom);
  const { gaps: cancellingGaps } = findGaps(view, patient, cancelling, opening.subject, cancellableFrom, judgement.dueAt);
  const urgencies = possible.filter((each) => each !== undefined);
  const { urgency, priority, setting, kind, title } = opening;
  const team = teamAtSite(view, opening.team);
  return {
    id: loopId(view.site, signal.id, opening.subject, opening.id),
    signal: signal.id,
    signalVersion: signal.version,
    edition: signal.edition ?? "",
    subject: opening.subject,
    opening: opening.id,
    openingActivity: opening.activity,
    openedAt: opening.at,
    dueAt: judgement.dueAt,
    ...(shown.met && judgement.verdict !== "cancelled" && { metAt: shown.met.at }),
    ...(judgement.verdict === "cancelled" && shown.cancelled && !shown.voided && { cancelledAt: shown.cancelled.at }),
    verdict: judgement.verdict,
    ...(judgement.reason && { reason: judgement.reason }),
    beforeWatch: opening.at < view.watchFrom,
    ...defined({ urgency, priority, setting, team, kind, title }),
    limit: { duration: shown.limit.duration, basis: shown.limit.basis },
    gaps: isDecided ? [] : shown.gaps,
    cancellingGaps,
    explanation: {
      ...(shown.met && judgement.verdict !== "cancelled" && { metBy: shown.met.event.id }),
      ...(judgement.verdict === "cancelled" && shown.cancelled && !shown.voided && { cancelledBy: shown.cancelled.event.id }),
      // What is read later of this time may change the verdict.
      ...(Math.min(cancellableFrom, shown.seenFrom) < opening.at && { since: Math.min(cancellableFrom, shown.seenFrom) }),
      ...(shown.voided && { voided: true as const }),
      ...(signal.loop.unless && { lookBacks: lookBacksOf(view, patient, opening, signal.loop) }),
      ...(urgencies.length > 1 && { possible: urgencies }),
    },
  };
}

/** What could carry cancelling evidence, and no closing one; a newer version comes as a record of the same type, where the key says which. */
function cancellingFeeds(signal: LoopSignal, { subject }: CareEvent, madeFrom: MadeFrom): readonly string[] {
  const own = newerVersionFeeds(signal).filter((type) => subject.startsWith(`${type}/`));
  return own.length > 0 ? cancellingFeedsWith(own, signal, madeFrom) : usualCancellingFeeds(madeFrom)(signal);
}

const usualCancellingFeeds = oncePer((madeFrom: MadeFrom) =>
  oncePer((signal: LoopSignal) => cancellingFeedsWith(newerVersionFeeds(signal), signal, madeFrom)),
);

function cancellingFeedsWith(newer: readonly string[], signal: LoopSignal, madeFrom: MadeFrom): readonly string[] {
  const cancelling = [...feedTypes(signal.loop.cancels.flatMap((clause) => clause.activity)), ...newer];
  return [...new Set(cancelling)].sort().filter((type) => !closingFeeds(signal, madeFrom).includes(type));
}

/** A newer version cancels as well, where a record can open more than once. */
const newerVersionFeeds = oncePer((signal: LoopSignal): readonly string[] => {
  const newer = versionActivities(signal);
  return newer.size < 2 ? [] : feedTypes([...newer]);
});

/** Every excuse that was looked for, told apart: nothing of the kind is recorded, or not all that could say so was read. */
function lookBacksOf(view: SiteView, patient: PatientView, opening: CareEvent, { opens, unless = [] }: LoopTemplate) {
  const ages = opens.some(({ where }) => where?.age) ? [{ name: "age", outcome: outcomeOf(opening.age !== undefined) }] : [];
  const looked = unless.map(({ name, activity, withinMs }) => {
    const feeds = feedTypes(activity, 3, view.madeFrom).filter((type) => view.feeds.has(type));
    const from = withinMs === undefined ? Math.min(view.watchFrom, opening.at) : opening.at - withinMs;
    return {
      name,
      outcome: outcomeOf(feeds.length > 0 && findGaps(view, patient, feeds, opening.subject, from, opening.at).gaps.length === 0),
    };
  });
  return [...ages, ...looked];
}

function outcomeOf(isKnown: boolean): "not-met" | "no-data" {
  return isKnown ? "not-met" : "no-data";
}

/** Loop id: the same missed step has the same id on every run, machine and kind of source. */
export function loopId(site: string, signal: string, subject: string, opening: string): string {
  const hex = createHash("sha256")
    .update(JSON.stringify([site, signal, subject, opening]))
    .digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept: Record<string, unknown> = {};
  for (const name in fields) if (fields[name] !== undefined) kept[name] = fields[name];
  return kept as { [K in keyof T]: Exclude<T[K], undefined> };
}
