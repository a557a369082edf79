import type { Activity } from "../domain/activity.ts";
import type { ActFacts, Key } from "../domain/facts.ts";
import { conceptTitle } from "../domain/title.ts";
import { versionTime } from "../domain/version-order.ts";
import { teamOf } from "./attributes.ts";
import { alsoOnOrders, ordersNamed } from "./on-orders.ts";
import { countOrdinals, makeEvent, type RelatedEvent } from "./related-event.ts";
import { isVoided, livingVersions, type World } from "./world.ts";

const activityOfStatus: Readonly<Record<string, Activity>> = {
  arrived: "appointment.fulfilled",
  "checked-in": "appointment.fulfilled",
  fulfilled: "appointment.fulfilled",
  noshow: "appointment.missed",
  cancelled: "appointment.cancelled",
};
/** First seen in one of these, it was booked; cancelled, it may never have been. */
const booked = ["booked", "arrived", "checked-in", "fulfilled", "noshow"];

/** What an Appointment says of its own life, on itself and on the orders that it is based on. */
export function relateAppointment(world: World, key: Key): RelatedEvent[] {
  const versions: ActFacts[] = livingVersions(world, key, "Appointment");
  const newest = versions.at(-1);
  if (!newest || isVoided(world, key)) return [];
  const orders = ordersNamed(
    world,
    versions.flatMap((version) => version.basedOn),
  );
  const encounter = world.resolve(newest.encounter);
  const common = {
    subject: key,
    subjectRead: true,
    saying: key,
    via: "act" as const,
    code: newest.code,
    title: conceptTitle(newest.code, "Appointment"),
    team: teamOf(world, orders, encounter),
  };
  const first = versions.find((version) => booked.includes(version.status));
  const at = first && (versions.find((version) => version.at)?.at ?? versionTime(first, versions));
  const number = countOrdinals();
  const changes = versions.flatMap((version, index) => {
    const activity = activityOfStatus[version.status];
    const before = versions[index - 1];
    const time = versionTime(version, versions) ?? version.at;
    if (!activity || !time || (before && activityOfStatus[before.status] === activity)) return [];
    return [makeEvent(time, { ...common, activity, ordinal: number(activity), sequence: index })];
  });
  const bookings = at ? [makeEvent(at, { ...common, activity: "appointment.booked" })] : [];
  return [
    ...[...bookings, ...changes].flatMap((event) => alsoOnOrders(world, event, orders)),
    ...bookings.map((event) => ({ ...event, activity: "procedure.booked" as const })),
  ];
}
