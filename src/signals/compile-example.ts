import type { Activity } from "../domain/activity.ts";
import type { CareEvent, Observed, ResultDetail, Via } from "../domain/care-event.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import type { Reason, Verdict } from "../domain/verdict.ts";
import type { WrittenEvent, WrittenExample } from "./example-schema.ts";
import { codingOf, listed, periodOf } from "./written-values.ts";

/** What an example says of one loop; only what it names is compared. */
export interface Expected {
  readonly verdict: Verdict;
  readonly reason?: Reason;
  readonly subject?: string;
  readonly openedAt?: Instant;
  readonly dueAt?: Instant;
  readonly metAt?: Instant;
}

/** Events of one patient (of several, where the signal crosses patients), and what a scan at `now` must say of them. */
export interface Example {
  readonly name: string;
  readonly now: Instant;
  readonly events: readonly CareEvent[];
  readonly gaps: Readonly<Record<string, readonly Interval[]>>;
  /** Absent: every feed that the signal needs. */
  readonly feeds?: readonly string[];
  readonly neverSeen: boolean;
  readonly roles: readonly { readonly role: string; readonly person: string; readonly organisation?: string }[];
  /** By opening; empty where no loop is expected. */
  readonly expect: readonly Expected[];
}

export function compileExample(written: WrittenExample): Example {
  const { name, now, events, gaps, feeds, roles, expect } = written;
  return {
    name,
    now: periodOf(now).from,
    events: events.map(compileEvent),
    gaps: compileGaps(gaps),
    ...(feeds && { feeds }),
    neverSeen: written["never-seen"] ?? false,
    roles: (roles ?? []).map(({ role, person, organisation }) => ({ role, person, ...(organisation !== undefined && { organisation }) })),
    expect: expect === "none" ? [] : listed(expect).map(compileExpected),
  };
}

function compileGaps(written: WrittenExample["gaps"]): Example["gaps"] {
  const feeds = Object.entries(written ?? {});
  return Object.fromEntries(
    feeds.map(([feed, gaps]) => [feed, (gaps ?? []).map(([from, to]) => ({ from: periodOf(from).from, to: periodOf(to).from }))]),
  );
}

function compileExpected({ verdict, reason, subject, ...times }: Exclude<WrittenExample["expect"], "none" | unknown[]>): Expected {
  const { openedAt, dueAt, metAt } = times;
  return {
    verdict,
    ...(reason && { reason }),
    ...(subject !== undefined && { subject }),
    ...(openedAt !== undefined && { openedAt: periodOf(openedAt).from }),
    ...(dueAt !== undefined && { dueAt: periodOf(dueAt).from }),
    ...(metAt !== undefined && { metAt: periodOf(metAt).from }),
  };
}

/** Whose events an example has, where it does not say whose. */
const exampleOf = "Patient/p";

const openingResult: readonly Activity[] = ["result.preliminary", "result.issued", "result.amended"];

function compileEvent(written: WrittenEvent, place: number): CareEvent {
  const { activity, subject, precision, due, voided, actor, urgency, setting, priority, kind, code, startedAt } = written;
  const period = periodOf(written.at);
  const isDate = period.to > period.from;
  const via = written.via ?? usualVia(activity);
  const actorKind = written.actorKind ?? (via === "report" || via === "patient" ? "unidentified" : "human");
  const saying = written.saying ?? (isOwnLife(activity) ? subject : `${sayingTypes[via]}/${String(place + 1)}`);
  return {
    id: `event-${String(place + 1)}`,
    activity,
    at: period.from,
    end: period.to,
    precision: precision ?? (isDate ? "day" : "instant"),
    subject,
    subjectRead: true,
    saying,
    actorKind,
    // A Task owned by a team, or by nobody, still counts as a person's.
    byPerson: actorKind === "human" || (via === "task" && actorKind !== "machine" && actorKind !== "patient"),
    grade: written.grade ?? 3,
    via,
    sequence: place,
    patient: written.patient ?? exampleOf,
    ...(actor !== undefined && { actor }),
    ...(urgency && { urgency }),
    ...(setting && { setting }),
    ...(priority && { priority }),
    ...(kind && { kind }),
    ...(code !== undefined && { code: { codings: [codingOf(code)] } }),
    ...attributesOf(written),
    ...(startedAt !== undefined && { startedAt: periodOf(startedAt).from }),
    // A date is due at the midnight that ends it.
    ...(due !== undefined && { due: periodOf(due).to }),
    ...(voided && { voided }),
    ...(openingResult.includes(activity) && { result: resultDetail(written) }),
  };
}

function attributesOf({ value, unit, comparator, flag, parts, answer, conclusion, age, dose, order, encounter, follows }: WrittenEvent) {
  const conceptOf = (text: string) => ({ codings: [codingOf(text)] });
  const observed: Observed = {
    ...(comparator && { comparator }),
    ...(flag && { flag }),
    ...(parts && { parts: parts.map((part) => ({ value: part, ...(unit !== undefined && { unit }) })) }),
    ...(answer !== undefined && { answer: conceptOf(answer) }),
  };
  return {
    ...(value !== undefined && { value }),
    ...(unit !== undefined && { unit }),
    ...(Object.keys(observed).length > 0 && { observed }),
    ...(conclusion !== undefined && { conclusions: [conceptOf(conclusion)] }),
    ...(age !== undefined && { age }),
    ...(dose !== undefined && { dose }),
    ...(order !== undefined && { order }),
    ...(encounter !== undefined && { encounter }),
    ...(follows && { follows }),
  };
}

function resultDetail({ possible, critical, flagged, performers, requesters, answers }: WrittenEvent): ResultDetail {
  return {
    ...(possible && { possible }),
    ...(critical && {
      critical: critical.map(({ code, ...reading }) => ({ code: { codings: [{ system: "http://loinc.org", code }] }, ...reading })),
    }),
    ...(flagged && { flagged }),
    ...(performers && { performers }),
    ...(requesters && { requesters }),
    ...(answers && { answers }),
  };
}

/** Said by the record itself: the later states of a report, an order, a task. */
function isOwnLife(activity: Activity): boolean {
  return (
    openingResult.includes(activity) ||
    activity === "result.withdrawn" ||
    (activity.startsWith("order.") && activity !== "order.resulted") ||
    activity.startsWith("task.")
  );
}

function usualVia(activity: Activity): Via {
  const usual: Partial<Record<Activity, Via>> = {
    "result.viewed": "audit",
    "result.acknowledged": "audit",
    "result.communicated": "communication",
    "result.actioned": "act",
    "order.resulted": "report",
    "patient.died": "patient",
    "chart.opened": "audit",
  };
  const own: Partial<Record<string, Via>> = { result: "report", order: "order", task: "task" };
  return usual[activity] ?? own[activity.split(".")[0] ?? ""] ?? "act";
}

const sayingTypes: Readonly<Record<Via, string>> = {
  report: "DiagnosticReport",
  order: "ServiceRequest",
  task: "Task",
  audit: "AuditEvent",
  provenance: "Provenance",
  communication: "Communication",
  act: "ServiceRequest",
  patient: "Patient",
};
