import type { Activity } from "../domain/activity.ts";
import type { CareEvent } from "../domain/care-event.ts";
import { earliestOf, type Instant } from "../domain/instant.ts";
import type { Loop } from "../domain/loop.ts";
import { oncePer } from "../domain/once-per.ts";
import type { LoopSignal } from "../domain/signal.ts";
import type { PatientView, SignalHistory, SiteView } from "./detection.ts";
import { fitsClosing } from "./evidence.ts";
import { isOnPatient } from "./is-on-patient.ts";
import { PatientEvents } from "./patient-events.ts";
import { sequenceEvents, type SequenceEvents } from "./sequence-events.ts";
import { SequenceScope } from "./sequence-scope.ts";
import { isJudgedByActor } from "./detect-actor.ts";
import { versionActivities } from "./signal-feeds.ts";
import { isOfLoops, isOfSequences } from "./signal-template.ts";
import { subjectEvents } from "./subject-events.ts";
import { unfoldDoses } from "./unfold-doses.ts";
import { SubjectScope } from "./subject-scope.ts";

/** What a scan says of one patient: the loops, and which signals' closing evidence it holds, since when. */
export interface PatientDetection {
  readonly loops: Loop[];
  readonly closingSeen: ReadonlyMap<string, Instant>;
  /** When the next dose is due, at which the patient has to be looked at again. */
  readonly nextDose?: Instant;
}

/** Opens, closes and judges the loops of one patient at `now`: pure, the same for the same arguments. */
export function detectPatient(view: SiteView, patient: PatientView, now: Instant): PatientDetection {
  const { events, nextDose } = unfoldDoses(patient.events, patient.from ?? -Infinity, now);
  const held = events.filter((event) => event.at <= now);
  const onPatient = held.filter(isOnPatient);
  const onSubjects = [...groupBySubject(held).values()].map((events) => subjectEvents(events, onPatient, patient.persons));
  const around = new PatientEvents(held, patient);
  let inOrder: SequenceEvents | undefined;
  const loops: Loop[] = [];
  const closingSeen = new Map<string, Instant>();
  for (const history of view.signals.filter((each) => !isJudgedByActor(each))) {
    if (isOfSequences(history)) {
      const scope = new SequenceScope(history, (inOrder ??= sequenceEvents(held, patient.persons)), patient, view);
      loops.push(...scope.occurrences());
      seeClosing(closingSeen, history.id, scope.closingSeenAt());
      continue;
    }
    if (!isOfLoops(history)) continue;
    const scopes = onSubjects
      .filter(({ events }) => events.some(({ activity }) => opensOf(history).has(activity)))
      .map((events) => new SubjectScope(history, events, patient, view, around));
    seeClosing(closingSeen, history.id, joinedClosingSeenAt(history, around));
    const told = scopes.flatMap((scope) => scope.told());
    for (const scope of scopes) {
      loops.push(...scope.loops(told, now));
      seeClosing(closingSeen, history.id, scope.closingSeenAt());
    }
  }
  return { loops, closingSeen, ...(nextDose !== undefined && { nextDose }) };
}

/** What opens loops of a signal or is a newer version of what does, under any of its definitions: a record without it has none. */
const opensOf = oncePer(
  ({ versions }: SignalHistory<LoopSignal>): ReadonlySet<Activity> =>
    new Set(versions.flatMap(({ signal }) => [...versionActivities(signal)])),
);

/** The first event that would close some loop of the signal on another record than its own. */
function joinedClosingSeenAt(history: SignalHistory<LoopSignal>, around: PatientEvents): Instant | undefined {
  const clauses = history.versions.at(-1)?.signal.loop.closes.filter(({ same }) => same !== undefined) ?? [];
  const events = clauses.flatMap((clause) => around.of(clause.activity).filter((event) => fitsClosing(event, clause, () => false)));
  return earliestOf(events.map((event) => event.at));
}

function seeClosing(closingSeen: Map<string, Instant>, signal: string, at: Instant | undefined): void {
  if (at !== undefined) closingSeen.set(signal, Math.min(at, closingSeen.get(signal) ?? Infinity));
}

function groupBySubject(events: readonly CareEvent[]): Map<string, CareEvent[]> {
  const subjects = new Map<string, CareEvent[]>();
  for (const event of events) {
    if (isOnPatient(event)) continue;
    const group = subjects.get(event.subject);
    if (group) group.push(event);
    else subjects.set(event.subject, [event]);
  }
  return subjects;
}
