import type { Instant } from "../../src/domain/instant.ts";
import { completionOf } from "./acknowledgements.ts";
import { firstVersion } from "./authorship.ts";
import { objectOf, textOf, type Json } from "./json.ts";
import { isPlaced, notBefore, readPriority, type Order } from "./orders.ts";
import { day, firstTime, hour, readTime, type When } from "./times.ts";
import type { History, Version } from "./versions.ts";
import { historiesOf, type World } from "./world.ts";

/** What a record says of its own due date at one version, given when its loop opened. */
type StatedDue = (body: Json, o: Instant) => Instant;

/**
 * "A due before *o* is taken as *o*. A due date or priority changed while the loop was not yet due counts, for no instant
 * before the change; changed afterwards, it does not."
 */
function foldDue(
  world: World,
  history: History,
  o: Instant,
  stated: StatedDue,
  changedAt: (version: Version) => Instant | undefined,
): Instant {
  const [first, ...later] = history.versions.filter((each) => !each.deleted && isPlaced(each.body));
  if (first === undefined) return o;
  let said = stated(first.body, o);
  let due = Math.max(said, o);
  for (const version of later) {
    const next = stated(version.body, o);
    const change = changedAt(version) ?? o;
    if (next === said || change > world.now) continue;
    said = next;
    if (change < due) due = Math.max(next, change, o);
  }
  return due;
}

/** "stat PT24H, urgent P7D, routine P90D"; "`asap` as urgent". */
export function dueOfOrder(world: World, order: Order): Instant {
  const within = { stat: 24 * hour, asap: 7 * day, urgent: 7 * day, routine: 90 * day };
  const stated: StatedDue = (body, o) => o + within[readPriority(body["priority"])];
  return foldDue(world, order.history, order.placed.at, stated, (version) => version.lastUpdated);
}

/** "`restriction.period.end`; else by priority: stat PT4H, asap PT24H, urgent P3D, routine P14D." */
export function dueOfTask(world: World, task: OpenTask): Instant {
  const within = { stat: 4 * hour, asap: 24 * hour, urgent: 3 * day, routine: 14 * day };
  const stated: StatedDue = (body, o) => {
    // "Dues (`2022-06-21`) at the midnight that ends it, in the site's zone."
    const end = readTime(objectOf(objectOf(body["restriction"])["period"])["end"], world.zone)?.end;
    return end ?? o + within[readPriority(body["priority"])];
  };
  const changedAt = (version: Version) => firstTime(world.zone, version.body["lastModified"])?.at ?? version.lastUpdated;
  return foldDue(world, task.history, task.requested.at, stated, changedAt);
}

export interface OpenTask {
  readonly history: History;
  readonly requested: When;
}

/** `task.requested`: "`authoredOn`, else the earliest version's time, once, in whatever status the task is first seen". */
export function readTasks(world: World): OpenTask[] {
  return historiesOf(world, "Task").flatMap((history) => {
    const first = firstVersion(history, isPlaced);
    if (first === undefined) return [];
    const requested = firstTime(world.zone, first.body["authoredOn"], first.body["lastModified"]) ?? first.updated;
    return requested === undefined ? [] : [{ history, requested }];
  });
}

/** `task.completed`, at the later of its time and *o*. */
export function completionsOfTask(world: World, task: OpenTask): When[] {
  const done = completionOf(world, task.history);
  return done === undefined ? [] : [notBefore(done, task.requested.at)];
}

/** "Cancelled by rejected, failed, cancelled": a status repeated is one event, at the first. */
export function cancellationsOfTask(world: World, task: OpenTask): When[] {
  return ["rejected", "failed", "cancelled"].flatMap((status) => {
    const version = firstVersion(task.history, (body) => textOf(body["status"]) === status);
    if (version === undefined) return [];
    const when = firstTime(world.zone, version.body["lastModified"]) ?? version.updated;
    return when === undefined ? [] : [notBefore(when, task.requested.at)];
  });
}
