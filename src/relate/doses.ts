import type { Activity } from "../domain/activity.ts";
import type { DoseSegment } from "../domain/dosage.ts";
import type { HappeningFacts } from "../domain/happening-facts.ts";
import type { Key, OrderFacts } from "../domain/facts.ts";
import { conceptTitle } from "../domain/title.ts";
import { versionTime } from "../domain/version-order.ts";
import { settingAt, teamOf } from "./attributes.ts";
import { ordersNamed } from "./on-orders.ts";
import { isCommitted } from "./order.ts";
import { makeEvent, type RelatedEvent } from "./related-event.ts";
import { currentVersion, isRead, isVoided, livingVersions, type World } from "./world.ts";

/**
 * The doses that an order says are due: one event that carries when, which detection unfolds up to its `now`. Each version counts
 * from its own time on while it is active; what is stopped, held or over has none, nor is any due once the encounter has ended.
 */
export function relateDoses(world: World, key: Key): RelatedEvent[] {
  const versions: OrderFacts[] = livingVersions(world, key, "MedicationRequest");
  const newest = versions.at(-1);
  const encounter = world.resolve(newest?.encounter);
  const ended = encounter === undefined ? undefined : currentVersion(world, encounter, "Encounter")?.end;
  const schedule = segmentsOf(versions, ended?.end);
  const [first] = schedule;
  if (!newest || !first) return [];
  return [
    makeEvent(
      { at: first.from, end: first.from, precision: "instant" },
      {
        activity: "dose.due",
        subject: key,
        subjectRead: true,
        saying: key,
        via: "order",
        code: newest.code,
        title: conceptTitle(newest.code, "Dose"),
        team: teamOf(world, [key], encounter),
        order: key,
        setting: settingAt(world, encounter, first.from),
        ...(newest.priority && { priority: newest.priority }),
        ...(encounter !== undefined && { encounter }),
        // What was due until it turned out entered in error is voided with the order.
        ...(isVoided(world, key) && { voided: true as const }),
        schedule,
      },
    ),
  ];
}

function segmentsOf(versions: readonly OrderFacts[], ended: number | undefined): DoseSegment[] {
  return versions.flatMap((version, index) => {
    const { dosages = [] } = version;
    if (version.status !== "active" || !isCommitted(version) || dosages.length === 0) return [];
    const begun = Math.min(...dosages.map((dosage) => dosage.from));
    const changed = index === 0 ? undefined : versionTime(version, versions)?.at;
    const next = versions[index + 1];
    const untils = [next && versionTime(next, versions)?.at, ended].filter((each) => each !== undefined);
    const from = Math.max(begun, changed ?? begun);
    const until = untils.length === 0 ? undefined : Math.min(...untils);
    return until !== undefined && until <= from ? [] : [{ from, ...(until !== undefined && { until }), dosages }];
  });
}

/** A dose that was given, or left out, on the order that it is of; on itself where it names none. */
export function relateAdministration(world: World, key: Key): RelatedEvent[] {
  const versions: HappeningFacts[] = livingVersions(world, key, "MedicationAdministration");
  const newest = versions.at(-1);
  const [first] = versions;
  const activity = newest && activityOfStatus[newest.status];
  const time = newest?.at ?? (first && versionTime(first, versions));
  if (!newest || !activity || !time || isVoided(world, key)) return [];
  const [order] = ordersNamed(world, newest.basedOn);
  const encounter = world.resolve(newest.encounter);
  return [
    makeEvent(time, {
      activity,
      subject: order ?? key,
      subjectRead: order === undefined || isRead(world, order),
      saying: key,
      via: "act",
      code: newest.code,
      ...(order !== undefined && { order }),
      ...(encounter !== undefined && { encounter }),
    }),
  ];
}

const activityOfStatus: Readonly<Record<string, Activity>> = { completed: "dose.given", "not-done": "dose.omitted" };
