import type { Activity } from "../domain/activity.ts";
import type { Key } from "../domain/facts.ts";
import type { HappeningFacts } from "../domain/happening-facts.ts";
import { conceptTitle } from "../domain/title.ts";
import { versionTime } from "../domain/version-order.ts";
import { settingAt, teamOf } from "./attributes.ts";
import { alsoOnOrders, ordersNamed } from "./on-orders.ts";
import { makeEvent, type RelatedEvent } from "./related-event.ts";
import { isVoided, livingVersions, type World } from "./world.ts";

/** A condition that was recorded, an imaging study that was done: on itself, and on the orders that it is based on. */
export function relateHappening(world: World, key: Key): RelatedEvent[] {
  const versions: HappeningFacts[] = livingVersions(world, key, "Condition", "ImagingStudy");
  const newest = versions.at(-1);
  const [first] = versions;
  if (!newest || !first || isVoided(world, key) || newest.status === "cancelled") return [];
  const time = newest.at ?? versionTime(first, versions);
  const activity: Activity = newest.type === "Condition" ? "condition.recorded" : "imaging.done";
  return time ? alsoOnOrders(world, makeEvent(time, { activity, ...common(world, key, newest) }), ordersNamed(world, newest.basedOn)) : [];
}

/** A procedure that was done. */
export function relateProcedure(world: World, key: Key): RelatedEvent[] {
  const versions = livingVersions(world, key, "Procedure");
  const first = versions.find((version) => version.status === "completed");
  const newest = versions.at(-1);
  const time = first && (newest?.at ?? versionTime(first, versions));
  if (!newest || !time || isVoided(world, key)) return [];
  const event = makeEvent(time, { activity: "procedure.done", ...common(world, key, newest) });
  return alsoOnOrders(world, event, ordersNamed(world, newest.basedOn));
}

/** A document that was drafted, at its date; and signed, when its version says so. */
export function relateDocument(world: World, key: Key): RelatedEvent[] {
  const versions: HappeningFacts[] = livingVersions(world, key, "DocumentReference", "Composition");
  const newest = versions.at(-1);
  if (!newest) return [];
  const drafted = versions.find((version) => version.status === "preliminary");
  const signed = versions.find((version) => ["final", "amended"].includes(version.status));
  const draftedAt = drafted && (drafted.at ?? versionTime(drafted, versions));
  const signedAt = signed && (versionTime(signed, versions) ?? signed.at);
  const voided = isVoided(world, key) ? { voided: true as const } : {};
  return [
    ...(draftedAt ? [makeEvent(draftedAt, { activity: "document.drafted", ...common(world, key, newest), ...voided, sequence: 0 })] : []),
    ...(signedAt ? [makeEvent(signedAt, { activity: "document.signed", ...common(world, key, newest), ...voided, sequence: 1 })] : []),
  ];
}

type Coded = Pick<HappeningFacts, "code" | "encounter" | "basedOn"> & { readonly type: string };

function common(world: World, key: Key, newest: Coded) {
  const encounter = world.resolve(newest.encounter);
  return {
    subject: key,
    subjectRead: true,
    saying: key,
    via: "act" as const,
    code: newest.code,
    title: conceptTitle(newest.code, newest.type),
    team: teamOf(world, ordersNamed(world, newest.basedOn), encounter),
    ...(encounter !== undefined && { encounter, setting: settingAt(world, encounter, Infinity) }),
  };
}
