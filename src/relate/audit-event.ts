import type { Activity, Grade } from "../domain/activity.ts";
import type { Actor, AuditEventFacts, Key } from "../domain/facts.ts";
import type { StatedTime } from "../domain/instant.ts";
import { nameOf } from "../domain/key.ts";
import { actingPerson } from "./acting-person.ts";
import { documentsNamed } from "./documents-named.ts";
import type { RelatedEvent } from "./related-event.ts";
import { distinct, isRead, isResult, isVoided, newestVersion, resolveAll, typeOf, type World } from "./world.ts";

/** An AuditEvent while it is read: when it happened, who acted, and the records that it names. */
interface Audit {
  readonly key: Key;
  readonly facts: AuditEventFacts;
  readonly time: StatedTime;
  readonly actor: Actor;
  readonly entities: readonly Key[];
}

/**
 * What an AuditEvent says: a result acknowledged or looked at, the patient's results searched, the chart opened, an order
 * deleted. A failed access is evidence of nothing.
 */
export function relateAuditEvent(world: World, key: Key): RelatedEvent[] {
  const facts = newestVersion(world, key, "AuditEvent");
  if (!facts?.at || !facts.success || isVoided(world, key)) return [];
  const audit = { key, facts, time: facts.at, actor: actingPerson(world, facts), entities: resolveAll(world, facts.entities) };
  const events = audit.actor.kind === "human" ? [...onReports(world, audit), ...onPatient(world, audit)] : [];
  if (facts.operation === "delete") events.push(...deletedOrders(world, audit));
  if (facts.lifecycle === "transmit") events.push(...sentDocuments(world, audit));
  return events;
}

function onReports(world: World, audit: Audit): RelatedEvent[] {
  const { lifecycle, operation } = audit.facts;
  if (lifecycle !== "attest" && operation !== "read") return [];
  const reports = audit.entities.filter((entity) => typeOf(entity) === "DiagnosticReport");
  const activity = lifecycle === "attest" ? "result.acknowledged" : "result.viewed";
  const events = reports.flatMap((report) => onReport(world, audit, activity, report, 3));
  if (lifecycle === "attest") return events;
  const ofParts = audit.entities.flatMap((entity) => world.reportsOf(entity));
  for (const report of distinct(ofParts)) if (!reports.includes(report)) events.push(...onReport(world, audit, activity, report, 2));
  return events;
}

function onReport(world: World, audit: Audit, activity: Activity, report: Key, grade: Grade): RelatedEvent[] {
  return isResult(world, report) === false ? [] : [makeEvent(audit, activity, report, isRead(world, report), grade, startOf(audit.facts))];
}

/** A search of results, the chart opened: stored once, on the patient; detection matches them to results. */
function onPatient(world: World, audit: Audit): RelatedEvent[] {
  const { patient, operation, searched, opensChart } = audit.facts;
  const subject = world.resolve(patient);
  if (subject === undefined) return [];
  const say = (activity: Activity, grade: Grade) => [makeEvent(audit, activity, subject, true, grade, startOf(audit.facts))];
  if (operation === "search" && searched.some((type) => type === "DiagnosticReport" || type === "Observation")) {
    return say("result.viewed", 1);
  }
  return operation === "read" && opensChart ? say("chart.opened", 0) : [];
}

/** ISO 21089 `transmit` of a document, by whomever: programs send them. */
function sentDocuments(world: World, audit: Audit): RelatedEvent[] {
  return documentsNamed(world, audit.facts.entities).map((document) =>
    makeEvent(audit, "document.sent", document, isRead(world, document), 3),
  );
}

/** An AuditEvent `delete` alone revokes an order. */
function deletedOrders(world: World, audit: Audit): RelatedEvent[] {
  return audit.entities
    .filter((entity) => ["ServiceRequest", "MedicationRequest"].includes(typeOf(entity)))
    .map((order) => makeEvent(audit, "order.revoked", order, isRead(world, order), 3));
}

/** A look may begin before the time by which it counts. */
function startOf({ at, startedAt }: AuditEventFacts): number | undefined {
  return at && startedAt && startedAt.at < at.at ? startedAt.at : undefined;
}

/** Written out, for most care events are made here. */
function makeEvent(
  { key, time, actor: { kind, ref } }: Audit,
  activity: Activity,
  subject: Key,
  subjectRead: boolean,
  grade: Grade,
  startedAt?: number,
): RelatedEvent {
  return {
    ordinal: "",
    activity,
    at: time.at,
    end: time.end,
    precision: time.precision,
    subject,
    subjectRead,
    saying: key,
    ...(ref && { actor: nameOf(ref) }),
    actorKind: kind,
    byPerson: kind === "human",
    grade,
    via: "audit",
    ...(startedAt !== undefined && { startedAt }),
  };
}
