import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import type { Loop } from "../domain/loop.ts";
import type { PatientView, SiteView } from "./detection.ts";
import { SubjectScope } from "./subject-scope.ts";

/** What a scan says of one patient: the loops, and which signals' closing evidence it holds, since when. */
export interface PatientDetection {
  readonly loops: Loop[];
  readonly closingSeen: ReadonlyMap<string, Instant>;
}

/** Opens, closes and judges the loops of one patient at `now`: pure, the same for the same arguments. */
export function detectPatient(view: SiteView, patient: PatientView, now: Instant): PatientDetection {
  const held = patient.events.filter((event) => event.at <= now);
  const subjects = groupBySubject(held);
  const onPatient = held.filter(isOnPatient);
  const loops: Loop[] = [];
  const closingSeen = new Map<string, Instant>();
  for (const history of view.signals) {
    const scopes = [...subjects.values()].map((events) => new SubjectScope(history, events, onPatient, patient, view));
    const told = scopes.flatMap((scope) => scope.told());
    for (const scope of scopes) {
      loops.push(...scope.loops(told, now));
      const firstAt = scope.closingSeenAt();
      if (firstAt !== undefined) closingSeen.set(history.id, Math.min(firstAt, closingSeen.get(history.id) ?? Infinity));
    }
  }
  return { loops, closingSeen };
}

/** Stored once on the patient as a whole, and matched to loops here. */
export function isOnPatient(event: Pick<CareEvent, "activity" | "grade">): boolean {
  return (
    event.activity === "patient.died" ||
    event.activity === "chart.opened" ||
    (event.activity === "result.actioned" && event.grade === 1) ||
    (event.activity === "result.viewed" && event.grade === 1)
  );
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
