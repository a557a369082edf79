import type { Activity } from "../domain/activity.ts";
import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import type { Join, LookBack, OpeningClause, Precondition, Where } from "../domain/signal.ts";
import type { PatientView } from "./detection.ts";
import { laboratorysOwnAmong } from "./evidence.ts";
import { areJoined } from "./joins.ts";
import { matches } from "./where.ts";

/** The events of one patient as openings look at them: what came before, and what else belongs to them. */
export class PatientEvents {
  readonly #byActivity: ReadonlyMap<Activity, readonly CareEvent[]>;
  readonly #isLaboratorysOwn: (event: CareEvent) => boolean;
  readonly #patient: PatientView;

  constructor(held: readonly CareEvent[], patient: PatientView) {
    this.#isLaboratorysOwn = laboratorysOwnAmong(held, patient.persons);
    this.#byActivity = Map.groupBy(held, (event) => event.activity);
    this.#patient = patient;
  }

  of(activities: readonly Activity[], where?: Where): CareEvent[] {
    return activities
      .flatMap((activity) => this.#byActivity.get(activity) ?? [])
      .filter((event) => !event.voided && matches(event, event.urgency, where));
  }

  /** Those that belong to an event by every one of these; never the event itself. */
  joined(event: CareEvent, activities: readonly Activity[], same: readonly Join[], where?: Where): CareEvent[] {
    return this.of(activities, where).filter(
      (other) => other.id !== event.id && same.every((join) => areJoined(event, other, join, this.#patient) === true),
    );
  }

  /** Whether what must come before an opening did, each step at or before the next. */
  followed(opening: CareEvent, { after = [] }: OpeningClause): boolean {
    let from = -Infinity;
    for (const step of after) {
      const came = this.joined(opening, step.activity, [step.same], step.where)
        .filter((event) => event.at >= from && this.#isInTime(opening, event.at, step) && this.#isEvidence(event))
        .map((event) => event.at);
      if (came.length === 0) return false;
      from = Math.min(...came);
    }
    return true;
  }

  /** An acknowledgement counts before an opening as it would after it: a person's, and not the laboratory's own. */
  #isEvidence(event: CareEvent): boolean {
    if (event.activity !== "result.acknowledged") return true;
    return event.byPerson && !this.#isLaboratorysOwn(event);
  }

  #isInTime(opening: CareEvent, at: Instant, { withinMs, beforeFirst }: Precondition): boolean {
    if (at > opening.at || (withinMs !== undefined && at < opening.at - withinMs)) return false;
    if (beforeFirst === undefined) return true;
    const first = this.of(beforeFirst).filter((event) => event.subject === opening.subject);
    return first.every((event) => at < event.at);
  }

  /** What excuses from an opening: the look-backs that were met. */
  excuses(opening: CareEvent, lookBacks: readonly LookBack[]): LookBack[] {
    return lookBacks.filter(({ activity, where, same, withinMs = Infinity, before }) =>
      this.joined(opening, activity, [same], where).some(
        ({ at }) => at >= opening.at - withinMs && (before ? at < opening.at : at <= opening.at),
      ),
    );
  }
}
