import type { AuditEventFacts, Key, OrderFacts } from "../domain/facts.ts";
import type { StatedTime } from "../domain/instant.ts";
import { sameConcept } from "../domain/concept.ts";
import { versionTime, type VersionTime } from "../domain/version-order.ts";
import { actingPerson } from "./acting-person.ts";
import { teamOf } from "./attributes.ts";
import { ordersNamed } from "./on-orders.ts";
import { actorFields, countOrdinals, makeEvent, type RelatedEvent } from "./related-event.ts";
import { conceptTitle } from "../domain/title.ts";
import { isVoided, livingVersions, type World } from "./world.ts";

const fiveMinutesMs = 5 * 60_000;

/** What a ServiceRequest or MedicationRequest says of its own life. */
export function relateOrder(world: World, key: Key): RelatedEvent[] {
  const versions = livingVersions(world, key, "ServiceRequest", "MedicationRequest");
  const own = placed(world, key, versions);
  return [...own, ...changes(world, key, versions), ...voided(world, key, versions), ...own.flatMap((event) => alsoAs(event, versions))];
}

/** A draft, proposal, plan or option opens nothing. */
export function isCommitted(version: { readonly status: string; readonly intent?: string }): boolean {
  return version.status !== "draft" && !["proposal", "plan", "option"].includes(version.intent ?? "");
}

function placed(world: World, key: Key, versions: readonly OrderFacts[]): RelatedEvent[] {
  const committed = versions.filter(isCommitted);
  const first = committed[0];
  const newest = versions.at(-1);
  const time = placedTime(versions);
  if (!first || !newest || !time) return [];
  const encounter = world.resolve(newest.encounter);
  const follows = ordersNamed(
    world,
    versions.flatMap((version) => [...version.basedOn, ...(version.replaces ?? [])]),
  );
  return [
    makeEvent(time, {
      activity: "order.placed",
      subject: key,
      subjectRead: true,
      saying: key,
      via: "order",
      byPerson: first.requester?.kind === "human",
      ...actorFields(first.requester),
      code: newest.code,
      team: teamOf(world, [key], encounter),
      title: conceptTitle(newest.code, "Order"),
      order: key,
      ...(first.priority && { priority: first.priority }),
      ...(newest.kind && { kind: newest.kind }),
      ...(encounter !== undefined && { encounter }),
      ...(newest.intended && { due: newest.intended.precision === "instant" ? newest.intended.at : newest.intended.end }),
      ...(follows.length > 0 && { follows }),
      ...(isVoided(world, key) && { voided: true as const }),
    }),
  ];
}

/** An order is also a medicine prescribed, or a procedure booked, of its code. */
function alsoAs(event: RelatedEvent, versions: readonly OrderFacts[]): RelatedEvent[] {
  if (event.voided) return [];
  return event.subject.startsWith("MedicationRequest/") ? prescribed(event, versions) : [{ ...event, activity: "procedure.booked" }];
}

/** A medicine prescribed: when the order is placed, and again by each version that changes the product or how it is to be taken. */
function prescribed(placing: RelatedEvent, versions: readonly OrderFacts[]): RelatedEvent[] {
  const number = countOrdinals();
  const event = { ...placing, activity: "medication.prescribed" as const };
  return versions.filter(isCommitted).flatMap((version, index, committed) => {
    const { code, doseHash } = version;
    const said = { code, ...(doseHash !== undefined && { dose: doseHash }) };
    const before = committed[index - 1];
    if (!before) return [{ ...event, ...said }];
    const time = versionTime(version, versions);
    if (!time || (before.doseHash === doseHash && sameConcept(before.code, code))) return [];
    const at = { at: time.at, end: time.at, precision: time.precision };
    return [{ ...event, ...said, ...at, sequence: index, ordinal: number(`dose ${doseHash ?? ""} ${conceptTitle(code, "")}`) }];
  });
}

/** When the version that marks it as entered in error was written, and by whom. */
function voided(world: World, key: Key, versions: readonly OrderFacts[]): RelatedEvent[] {
  const first = versions.find((version) => version.status === "entered-in-error");
  const time = first && versionTime(first, versions);
  if (!first || !time || !isVoided(world, key)) return [];
  const common = { subject: key, subjectRead: true, saying: key, via: "order" as const };
  return [makeEvent(time, { ...common, activity: "order.voided", code: first.code, ...whoChanged(world, key, first) })];
}

function placedTime(versions: readonly OrderFacts[]): StatedTime | VersionTime | undefined {
  const committed = versions.filter(isCommitted);
  const [first] = committed;
  return committed.find((version) => version.authoredOn)?.authoredOn ?? (first && versionTime(first, versions));
}

const endings: Readonly<Record<string, "order.completed" | "order.revoked">> = {
  completed: "order.completed",
  revoked: "order.revoked",
  cancelled: "order.revoked",
  stopped: "order.revoked",
};

/** Completed, revoked, reprioritised: each at the time of the version that first says so. */
function changes(world: World, key: Key, versions: readonly OrderFacts[]): RelatedEvent[] {
  const number = countOrdinals();
  return versions.flatMap((version, index) => {
    const before = versions[index - 1];
    // A change that nothing dates is taken to have been so from the start.
    const time = versionTime(version, versions) ?? placedTime(versions);
    if (!time) return [];
    const activity = versionTime(version, versions) ? endings[version.status] : undefined;
    const who = whoChanged(world, key, version);
    const common = { sequence: index, subject: key, subjectRead: true, saying: key, via: "order" as const, ...who };
    return [
      ...(activity && (!before || endings[before.status] !== activity)
        ? [makeEvent(time, { ...common, activity, ordinal: number(activity) })]
        : []),
      ...(before && isCommitted(before) && isCommitted(version) && before.priority !== version.priority
        ? [
            makeEvent(time, {
              ...common,
              activity: "order.reprioritised",
              ordinal: number(`priority ${version.priority ?? ""}`),
              ...(version.priority && { priority: version.priority }),
            }),
          ]
        : []),
    ];
  });
}

/** The human of the AuditEvent about that change nearest to it within five minutes, else the requester. */
function whoChanged(world: World, key: Key, version: OrderFacts): Pick<RelatedEvent, "actorKind" | "byPerson"> & Partial<RelatedEvent> {
  const near = world
    .evidenceOn(key)
    .filter(
      (each): each is AuditEventFacts =>
        each.type === "AuditEvent" && each.success && (each.operation === "update" || each.operation === "delete"),
    )
    .map((each) => ({ each, distanceMs: Math.abs((each.at?.at ?? Infinity) - (version.lastUpdated ?? -Infinity)) }))
    .filter(({ distanceMs }) => distanceMs <= fiveMinutesMs)
    .sort((a, b) => a.distanceMs - b.distanceMs || (a.each.contentHash < b.each.contentHash ? -1 : 1))[0]?.each;
  const actor = near ? actingPerson(world, near) : version.requester;
  return { actorKind: actor?.kind ?? "unidentified", byPerson: actor?.kind === "human", ...actorFields(actor) };
}
