import type { Activity } from "../domain/activity.ts";
import type { Key, TaskFacts } from "../domain/facts.ts";
import type { StatedTime } from "../domain/instant.ts";
import { versionTime, type VersionTime } from "../domain/version-order.ts";
import { relateAct } from "./act.ts";
import { teamOf, teamOfActor } from "./attributes.ts";
import { kindOfOrder, ordersNamed } from "./on-orders.ts";
import { isCommitted } from "./order.ts";
import { actorFields, countOrdinals, makeEvent, type RelatedEvent } from "./related-event.ts";
import { doerOf } from "./task-doer.ts";
import { conceptTitle } from "../domain/title.ts";
import { isResult, isVoided, livingVersions, resolveAll, typeOf, type World } from "./world.ts";

const activityOfStatus: Readonly<Record<string, Activity>> = {
  received: "task.accepted",
  accepted: "task.accepted",
  "in-progress": "task.started",
  "on-hold": "task.held",
  completed: "task.completed",
  rejected: "task.rejected",
  failed: "task.failed",
  cancelled: "task.cancelled",
};

/** What a Task says: its own life, and the review of a result or the action on it that it stands for. */
export function relateTask(world: World, key: Key): RelatedEvent[] {
  const versions = livingVersions(world, key, "Task");
  const own = [...requested(world, key, versions), ...statuses(world, key, versions), ...changes(key, versions)];
  if (isVoided(world, key)) return own;
  return [...own, ...acknowledgements(world, key, versions), ...actions(world, key, versions)];
}

/** Requested once, at `authoredOn`, else the earliest version's time, in whatever status the Task is first seen. */
function requested(world: World, key: Key, versions: readonly TaskFacts[]): RelatedEvent[] {
  const committed = versions.filter(isCommitted);
  const first = committed[0];
  const newest = versions.at(-1);
  const time = requestedTime(versions);
  if (!first || !newest || !time) return [];
  const encounter = world.resolve(newest.encounter);
  const orders = ordersNamed(world, [newest.focus, ...newest.basedOn]);
  return [
    makeEvent(time, {
      activity: "task.requested",
      subject: key,
      subjectRead: true,
      saying: key,
      via: "task",
      byPerson: first.requester?.kind === "human",
      ...actorFields(first.requester),
      ...(newest.code && { code: newest.code }),
      title: newest.description ?? conceptTitle(newest.code, "Task"),
      team: teamOfActor(world, newest.owner) ?? teamOf(world, orders, encounter),
      ...(first.priority && { priority: first.priority }),
      ...dueOf(first),
      ...(encounter !== undefined && { encounter }),
      ...(orders[0] !== undefined && { order: orders[0] }),
      ...(isVoided(world, key) && { voided: true as const }),
    }),
  ];
}

function requestedTime(versions: readonly TaskFacts[]): StatedTime | VersionTime | undefined {
  const committed = versions.filter(isCommitted);
  const [first] = committed;
  return committed.find((version) => version.authoredOn)?.authoredOn ?? first?.lastModified ?? (first && versionTime(first, versions));
}

/** A due date counts at the midnight that ends it. */
function dueOf(version: TaskFacts): Pick<RelatedEvent, "due"> {
  return version.due ? { due: version.due.precision === "instant" ? version.due.at : version.due.end } : {};
}

/** One event where a status begins; the same status over several versions is one, at the first. */
function statuses(world: World, key: Key, versions: readonly TaskFacts[]): RelatedEvent[] {
  const number = countOrdinals();
  const [order] = ordersNamed(world, [versions.at(-1)?.focus, ...(versions.at(-1)?.basedOn ?? [])]);
  return versions.flatMap((version, index) => {
    const activity = activityOfStatus[version.status];
    const before = versions[index - 1];
    if (!activity || isVoided(world, key) || !isCommitted(version) || (before && activityOfStatus[before.status] === activity)) return [];
    const time = statusTime(version, versions);
    const ordinal = number(activity);
    if (!time) return [];
    const doer = doerOf(world, key, version);
    return [
      makeEvent(time, {
        activity,
        ordinal,
        subject: key,
        subjectRead: true,
        saying: key,
        via: "task",
        byPerson: doer.byPerson,
        ...actorFields(doer.actor),
        ...(order !== undefined && { order, ...kindOfOrder(world, order) }),
      }),
    ];
  });
}

/** `executionPeriod.end` of a completed Task, else `lastModified`, else the version's own time. */
export function statusTime(version: TaskFacts, versions: readonly TaskFacts[]): StatedTime | VersionTime | undefined {
  return (version.status === "completed" ? version.executionEnd : undefined) ?? version.lastModified ?? versionTime(version, versions);
}

/** A due date or priority that differs from the version before; each carries both as they then stand. */
function changes(key: Key, versions: readonly TaskFacts[]): RelatedEvent[] {
  const number = countOrdinals();
  return versions.flatMap((version, index) => {
    const before = versions[index - 1];
    // A change that nothing dates is taken to have been so from the start.
    const time = version.lastModified ?? versionTime(version, versions) ?? requestedTime(versions);
    if (!before || !time || !isCommitted(before) || !isCommitted(version)) return [];
    const stands = { ...dueOf(version), ...(version.priority && { priority: version.priority }) };
    const changed = (activity: Activity, to: string): RelatedEvent =>
      makeEvent(time, {
        activity,
        ordinal: number(`${activity} ${to}`),
        sequence: index,
        subject: key,
        subjectRead: true,
        saying: key,
        via: "task",
        ...stands,
      });
    return [
      ...(dueOf(before).due === dueOf(version).due ? [] : [changed("task.rescheduled", String(dueOf(version).due ?? ""))]),
      ...(before.priority === version.priority ? [] : [changed("task.reprioritised", version.priority ?? "")]),
      ...(ownerKey(before) === ownerKey(version) ? [] : [changed("task.reassigned", ownerKey(version))]),
    ];
  });
}

function ownerKey(version: TaskFacts): string {
  return version.owner?.ref?.key ?? "";
}

/** A review Task: its code absent or in the list, the report its focus; or a listed code, the report named anywhere. */
function acknowledgements(world: World, key: Key, versions: readonly TaskFacts[]): RelatedEvent[] {
  const completed = versions.find((version) => version.status === "completed" && isCommitted(version));
  const time = completed && statusTime(completed, versions);
  if (!completed || !time) return [];
  const doer = doerOf(world, key, completed);
  return reviewedReports(world, completed)
    .filter((report) => isResult(world, report) !== false)
    .map((report) =>
      makeEvent(time, {
        activity: "result.acknowledged",
        subject: report,
        subjectRead: isResult(world, report) !== undefined,
        saying: key,
        via: "task",
        byPerson: doer.byPerson,
        ...actorFields(doer.actor),
      }),
    );
}

function reviewedReports(world: World, version: TaskFacts): Key[] {
  if (version.review === "other" || version.review === "told") return [];
  const focus = world.resolve(version.focus);
  const focused = focus !== undefined && typeOf(focus) === "DiagnosticReport" ? [focus] : [];
  if (version.review === "absent") return focused;
  return resolveAll(world, [version.focus, ...version.names, ...version.outputs]).filter((name) => typeOf(name) === "DiagnosticReport");
}

/** Another Task that names the report is an action on it. */
function actions(world: World, key: Key, versions: readonly TaskFacts[]): RelatedEvent[] {
  return relateAct(
    world,
    key,
    versions
      .filter((version) => version.review !== "told" && reviewedReports(world, version).length === 0)
      .map((version) => ({
        facts: version,
        time: version.authoredOn ?? versionTime(version, versions),
        author: version.requester,
        names: [version.focus, ...version.names],
        via: "task" as const,
      })),
  );
}
