import type { Activity } from "../domain/activity.ts";
import type { CareEvent } from "../domain/care-event.ts";
import { earliestOf, type Instant } from "../domain/instant.ts";
import type { Loop } from "../domain/loop.ts";
import { oncePer } from "../domain/once-per.ts";
import { openingActivities } from "../domain/signal-activities.ts";
import type { SequenceSignal, SequenceStep, Without } from "../domain/signal.ts";
import { defined, loopId } from "./describe-loop.ts";
import { signalInForce, type PatientView, type SignalHistory, type SiteView } from "./detection.ts";
import { findGaps } from "./gaps.ts";
import { areJoined } from "./joins.ts";
import type { SequenceEvents } from "./sequence-events.ts";
import { closingFeeds } from "./signal-feeds.ts";
import { matches } from "./where.ts";
import { teamAtSite } from "./team-at-site.ts";

/** One signal of the template sequence, on one patient; or on what one person did for all patients. */
export class SequenceScope {
  readonly #history: SignalHistory<SequenceSignal>;
  readonly #held: SequenceEvents;
  readonly #patient: PatientView;
  readonly #view: SiteView;

  constructor(history: SignalHistory<SequenceSignal>, held: SequenceEvents, patient: PatientView, view: SiteView) {
    this.#history = history;
    this.#held = held;
    this.#patient = patient;
    this.#view = view;
  }

  /**
   * Every sequence, by its first event. What was a later step of one on the same record begins none of its own: four
   * hand-overs in a week are one story, not two.
   */
  occurrences(): Loop[] {
    const told = new Set<string>();
    const begins = beginningsOf(this.#history);
    if (begins.isDisjointFrom(this.#held.activities)) return [];
    return this.#held.events.flatMap((first) => {
      if (!begins.has(first.activity)) return [];
      const signal = signalInForce(this.#history, first.at);
      const steps = told.has(first.id) || !first.subjectRead ? undefined : this.#follow(first, signal);
      if (!steps) return [];
      for (const step of steps) if (step.subject === first.subject) told.add(step.id);
      const loop = this.#judge(signal, steps);
      return loop ? [loop] : [];
    });
  }

  /** The first event here that the signal would take for what should have come first. */
  closingSeenAt(): Instant | undefined {
    const without = this.#history.versions.at(-1)?.signal.sequence.without;
    if (!without) return undefined;
    return earliestOf(this.#held.events.filter((event) => fits(event, without)).map((event) => event.at));
  }

  #follow(first: CareEvent, { sequence }: SequenceSignal): readonly CareEvent[] | undefined {
    const [start, ...later] = sequence.steps;
    if (!start || !isStep(first, start) || this.#held.isLaboratorysOwn(first)) return undefined;
    if (this.#held.voided.has(first.subject) && !later.some((step) => step.activity.some((activity) => activity.endsWith(".voided"))))
      return undefined;
    const until = first.at + (sequence.withinMs ?? Infinity);
    const found = this.#search([first], later, until);
    return found;
  }

  /** The earliest events that make the rest of the steps, or undefined. */
  #search(steps: readonly CareEvent[], later: readonly SequenceStep[], until: Instant): readonly CareEvent[] | undefined {
    const [next, ...rest] = later;
    const [first, before] = [steps[0], steps.at(-1)];
    if (!next || !first || !before) return steps;
    for (const event of this.#held.events) {
      if (event.at < before.at || event.at > Math.min(until, before.at + (next.withinMs ?? Infinity))) continue;
      if (steps.some((step) => step.id === event.id) || event.voided || !isStep(event, next) || !this.#fitTogether(first, event, next))
        continue;
      if (this.#held.isLaboratorysOwn(event)) continue;
      const found = this.#search([...steps, event], rest, until);
      if (found) return found;
    }
    return undefined;
  }

  #fitTogether(first: CareEvent, event: CareEvent, { same, different }: SequenceStep): boolean {
    return (
      same.every((join) => areJoined(first, event, join, this.#patient) === true) &&
      different.every((join) => areJoined(first, event, join, this.#patient) === false)
    );
  }

  /** Undefined where what should have come first did, or where nothing says from when on it was to be looked for. */
  #judge(signal: SequenceSignal, steps: readonly CareEvent[]): Loop | undefined {
    const [first, ...later] = steps;
    const { without } = signal.sequence;
    if (!first) return undefined;
    const since = without && this.#sinceOf(first, without);
    if (without && (!since || this.#cameBefore(first, without, since.at))) return undefined;
    const feeds = closingFeeds(signal, this.#view.madeFrom);
    const { gaps } = findGaps(this.#view, this.#patient, since ? feeds : [], first.subject, since?.at ?? first.at, first.at);
    const neverSeen = without !== undefined && !this.#view.closingSeen.has(signal.id);
    const reason = gaps.length > 0 ? ("gap" as const) : neverSeen ? ("never-seen" as const) : undefined;
    const { urgency, priority, setting, kind, title } = first;
    const team = teamAtSite(this.#view, first.team);
    return {
      id: loopId(this.#view.site, signal.id, first.subject, first.id),
      signal: signal.id,
      signalVersion: signal.version,
      edition: signal.edition ?? "",
      subject: first.subject,
      opening: first.id,
      openingActivity: first.activity,
      openedAt: first.at,
      // It is due at no time: the last step's stands here, by which findings are put in order.
      dueAt: (later.at(-1) ?? first).at,
      verdict: reason ? "unknown" : "occurred",
      ...(reason && { reason }),
      beforeWatch: first.at < this.#view.watchFrom,
      ...defined({ urgency, priority, setting, team, kind, title }),
      limit: { duration: "", basis: "" },
      gaps,
      cancellingGaps: [],
      wakes: [],
      explanation: { ...(later.length > 0 && { steps: later.map(({ id }) => id) }), ...(since && { since: since.at }) },
    };
  }

  #sinceOf(first: CareEvent, without: Without): CareEvent | undefined {
    return this.#held.events.findLast(
      (event) => event.subject === first.subject && event.at <= first.at && without.since.includes(event.activity) && event.id !== first.id,
    );
  }

  /** Begun by the first step's time and not over before `since`: what overlaps counts. */
  #cameBefore(first: CareEvent, without: Without, since: Instant): boolean {
    return this.#held.events.some(
      (event) =>
        fits(event, without) &&
        (event.startedAt ?? event.at) <= first.at &&
        event.end >= since &&
        without.same.every((join) => areJoined(first, event, join, this.#patient) === true),
    );
  }
}

/** What a sequence of the signal begins with, under any of its definitions. */
const beginningsOf = oncePer(
  ({ versions }: SignalHistory<SequenceSignal>): ReadonlySet<Activity> =>
    new Set(versions.flatMap(({ signal }) => openingActivities(signal))),
);

function isStep(event: CareEvent, { activity, where, by }: SequenceStep): boolean {
  return activity.includes(event.activity) && (by === "anyone" || event.byPerson) && matches(event, event.urgency, where);
}

function fits(event: CareEvent, { activity, gradeAtLeast, by }: Without): boolean {
  return activity.includes(event.activity) && event.grade >= gradeAtLeast && (by === "anyone" || event.byPerson);
}
