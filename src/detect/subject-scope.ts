import type { CareEvent } from "../domain/care-event.ts";
import { judgePossibilities, type Judging } from "../domain/judge.ts";
import { earliestOf, type Instant } from "../domain/instant.ts";
import type { Loop } from "../domain/loop.ts";
import { oncePer } from "../domain/once-per.ts";
import type { ClosingClause, LoopSignal, LoopTemplate } from "../domain/signal.ts";
import type { Urgency } from "../domain/verdict.ts";
import { describeLoop, type JudgedCandidate } from "./describe-loop.ts";
import { signalInForce, type PatientView, type SignalHistory, type SiteView } from "./detection.ts";
import { dueOf } from "./due.ts";
import { cancellingEvidence, closingEvidence, earliest, fitsClosing, joinedEvidence } from "./evidence.ts";
import { findGaps } from "./gaps.ts";
import { mayOpen, openingsOf } from "./openings.ts";
import { closingFeeds } from "./signal-feeds.ts";
import { wasToldBefore, type Told } from "./told-before.ts";
import type { PatientEvents } from "./patient-events.ts";
import type { SubjectEvents } from "./subject-events.ts";
import { matches } from "./where.ts";

/** One signal on one record. */
export class SubjectScope {
  readonly #history: SignalHistory<LoopSignal>;
  readonly #subject: SubjectEvents;
  readonly #patient: PatientView;
  readonly #view: SiteView;
  readonly #around: PatientEvents;
  /** Every event of an opening activity or of its kin: each is a newer version of the one before, whether or not it opens a loop. */
  readonly #openings: readonly CareEvent[];

  constructor(history: SignalHistory<LoopSignal>, subject: SubjectEvents, patient: PatientView, view: SiteView, around: PatientEvents) {
    this.#around = around;
    this.#history = history;
    this.#subject = subject;
    this.#patient = patient;
    this.#view = view;
    this.#openings = openingsOf(history, subject.events);
  }

  loops(told: readonly Told[], now: Instant): Loop[] {
    const openings = this.#openings;
    return openings.flatMap((opening, place) => this.#judge(opening, openings, place, told, now));
  }

  #judge(opening: CareEvent, openings: readonly CareEvent[], place: number, told: readonly Told[], now: Instant): Loop[] {
    const signal = signalInForce(this.#history, opening.at);
    const isFirst = !openings.slice(0, place).some((each) => this.#isOpened(each, told));
    const possible = this.#possibleUrgencies(opening);
    const judged = possible.map((urgency) =>
      this.#underUrgency(opening, urgency, signal, isFirst, { before: openings[place - 1], newer: openings[place + 1] }, told),
    );
    const opened = judged.filter((each) => each !== "not-opened").sort((a, b) => a.dueAt - b.dueAt);
    const [base] = opened;
    if (!base) return [];
    const judging: Judging = { now, closingSeen: this.#view.closingSeen.has(signal.id), blindAfterMs: this.#view.blindAfterMs };
    const judgement = judgePossibilities(judged, judging);
    const shown = opened.find((each) => each.dueAt === judgement.dueAt) ?? base;
    const wakes = judgement.verdict === "met" || judgement.verdict === "cancelled" ? [] : opened.map((each) => each.dueAt);
    return [{ ...describeLoop(this.#view, this.#patient, opening, signal, shown, judgement, possible), wakes }];
  }

  /** Whether an event opens a loop of this signal under any urgency that it may have. */
  #isOpened(event: CareEvent, told: readonly Told[]): boolean {
    const { loop } = signalInForce(this.#history, event.at);
    return this.#possibleUrgencies(event).some(
      (urgency) => this.#opens(event, urgency, loop) && !this.#wasTold(event, urgency, told, loop.unlessToldWithinMs),
    );
  }

  /** Some opening clause takes it, with what must have come before, and nothing excuses from it. */
  #opens(event: CareEvent, urgency: Urgency | undefined, { opens, unless = [] }: LoopTemplate): boolean {
    const isOpening = opens.some(
      (clause) => clause.activity.includes(event.activity) && matches(event, urgency, clause.where) && this.#around.followed(event, clause),
    );
    return isOpening && this.#around.excuses(event, unless).length === 0;
  }

  #wasTold(event: CareEvent, urgency: Urgency | undefined, told: readonly Told[], withinMs: number | undefined): boolean {
    return withinMs !== undefined && urgency === event.urgency && wasToldBefore(event, told, withinMs);
  }

  /** More than one only where an Observation is named and not held, though the site has that feed. */
  #possibleUrgencies(opening: CareEvent): readonly (Urgency | undefined)[] {
    const { possible } = opening.result ?? {};
    return possible && this.#view.feeds.has("Observation") ? possible : [opening.urgency];
  }

  #underUrgency(
    opening: CareEvent,
    urgency: Urgency | undefined,
    signal: LoopSignal,
    isFirst: boolean,
    { before, newer }: { readonly before: CareEvent | undefined; readonly newer: CareEvent | undefined },
    told: readonly Told[],
  ): JudgedCandidate | "not-opened" {
    if (!this.#opens(opening, urgency, signal.loop)) return "not-opened";
    if (this.#wasTold(opening, urgency, told, signal.loop.unlessToldWithinMs)) return "not-opened";
    const due = dueOf(opening, urgency, this.#subject.events, signal);
    if (!due) return "not-opened";
    const [onRecord, joined] = splitClosings(signal.loop);
    const met = earliest(
      [
        ...closingEvidence(opening, isFirst || signal.loop.lapse !== undefined, this.#subject.candidates, onRecord, this.#subject.own),
        ...(joined.length > 0 ? joinedEvidence(opening, this.#around, joined) : []),
      ].filter(({ at, event }) => at <= (due.lapseAt ?? Infinity) && isOwnTurn(event, opening, signal.loop, before?.at, newer?.at)),
    );
    const cancelled = earliest([
      ...cancellingEvidence(opening, this.#subject.events, this.#around, signal.loop.cancels),
      ...(newer && signal.loop.lapse === undefined
        ? [{ at: newer.at, isUpperBound: newer.precision === "upper-bound", event: newer }]
        : []),
    ]);
    const decider = earliest([met, cancelled].filter((each) => each !== undefined));
    const closing = closingFeeds(signal, this.#view.madeFrom);
    const seenFrom = turnBegins(opening, signal.loop, before?.at);
    const blind = findGaps(this.#view, this.#patient, closing, opening.subject, seenFrom, due.at);
    return {
      dueAt: due.at,
      limit: due.limit,
      urgency,
      met,
      cancelled,
      ...(met && { metAt: met.at }),
      ...(cancelled && { cancelledAt: cancelled.at }),
      decidedByUpperBound: decider?.isUpperBound ?? false,
      voided: this.#subject.isVoided,
      hasGap: blind.gaps.length > 0,
      onlyTailIsOpen: blind.onlyTailIsOpen,
      gaps: blind.gaps,
      seenFrom,
    };
  }

  /** Of a critical opening that was communicated or acknowledged in time, for `unless told before`. */
  told(): Told[] {
    const openings = this.#openings;
    if (this.#subject.isWithdrawn) return [];
    return openings.flatMap((opening, place) => {
      const signal = signalInForce(this.#history, opening.at);
      const critical = opening.result?.critical ?? [];
      if (
        signal.loop.unlessToldWithinMs === undefined ||
        critical.length === 0 ||
        this.#subject.isVoided ||
        !this.#opens(opening, opening.urgency, signal.loop)
      )
        return [];
      const due = dueOf(opening, opening.urgency, this.#subject.events, signal);
      const isFirst = !openings.slice(0, place).some((each) => this.#isOpened(each, []));
      const inTime = closingEvidence(opening, isFirst, this.#subject.candidates, signal.loop.closes, this.#subject.own).filter(
        ({ at }) => due !== undefined && at <= due.at,
      );
      return inTime.map(({ at }) => ({ subject: opening.subject, toldAt: at, critical }));
    });
  }

  /** The first event here that would close some loop of the signal: a clause whole, on a record of the kind it opens on. */
  closingSeenAt(): Instant | undefined {
    const signal = this.#history.versions.at(-1)?.signal;
    if (!signal || !mayOpen(signal, this.#openings)) return undefined;
    const [onRecord] = splitClosings(signal.loop);
    const closing = this.#subject.candidates.filter((event) => onRecord.some((clause) => fitsClosing(event, clause, this.#subject.own)));
    return earliestOf(closing.map((event) => event.at));
  }
}

/** Those that are closed on the opening's own record, and those by what belongs to it otherwise. */
const splitClosings = oncePer(({ closes }: LoopTemplate): [ClosingClause[], ClosingClause[]] => [
  closes.filter((clause) => clause.same === undefined),
  closes.filter((clause) => clause.same !== undefined),
]);

/**
 * Where each opening lapses with the next: evidence belongs to the one whose turn it is. A turn begins as long before the opening as
 * early evidence counts, and no earlier than half way from the one before; so one dose is never two.
 */
function isOwnTurn(
  event: CareEvent,
  opening: CareEvent,
  loop: LoopTemplate,
  before: Instant | undefined,
  after: Instant | undefined,
): boolean {
  if (loop.lapse === undefined) return true;
  const next = opening.next ?? after ?? Infinity;
  return event.at >= turnBegins(opening, loop, before) && event.at < beginsAt(next, opening.at, loop);
}

/** From when on evidence counts for an opening whose turn ends with the next: what was not read of that time may have closed it. */
function turnBegins(opening: CareEvent, loop: LoopTemplate, before: Instant | undefined): Instant {
  return loop.lapse === undefined ? opening.at : beginsAt(opening.at, opening.previous ?? before ?? -Infinity, loop);
}

function beginsAt(at: Instant, last: Instant, { closes }: LoopTemplate): Instant {
  return at - Math.min(Math.max(0, ...closes.map((clause) => clause.earlyMs ?? 0)), (at - last) / 2);
}
