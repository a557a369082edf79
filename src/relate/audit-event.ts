import type { Grade } from "../domain/activity.ts";
import type { AuditEventFacts, Key } from "../domain/facts.ts";
import { actingPerson } from "./acting-person.ts";
import { documentsNamed } from "./documents-named.ts";
import { actorFields, makeEvent, type RelatedEvent } from "./related-event.ts";
import { isRead, isResult, isVoided, newestVersion, resolveAll, typeOf, type World } from "./world.ts";

/**
 * What an AuditEvent says: a result acknowledged or looked at, the patient's results searched, the chart opened, an order
 * deleted. A failed access is evidence of nothing.
 */
export function relateAuditEvent(world: World, key: Key): RelatedEvent[] {
  const audit = newestVersion(world, key, "AuditEvent");
  if (!audit?.at || !audit.success || isVoided(world, key)) return [];
  const seen = { ...audit, actor: actingPerson(world, audit) };
  return [
    ...onReports(world, key, seen),
    ...onPatient(world, key, seen),
    ...deletedOrders(world, key, seen),
    ...sentDocuments(world, key, seen),
  ];
}

function onReports(world: World, key: Key, audit: AuditEventFacts): RelatedEvent[] {
  if (audit.actor.kind !== "human") return [];
  const entities = resolveAll(world, audit.entities);
  const reports = entities.filter((entity) => typeOf(entity) === "DiagnosticReport");
  const say = (activity: "result.acknowledged" | "result.viewed", report: Key, grade: Grade): RelatedEvent[] =>
    isResult(world, report) === false || !audit.at
      ? []
      : [
          makeEvent(audit.at, {
            activity,
            subject: report,
            subjectRead: isRead(world, report),
            saying: key,
            via: "audit",
            byPerson: true,
            grade,
            ...startOf(audit),
            ...actorFields(audit.actor),
          }),
        ];
  if (audit.lifecycle === "attest") return reports.flatMap((report) => say("result.acknowledged", report, 3));
  if (audit.operation !== "read") return [];
  const parts = entities.flatMap((entity) => world.reportsOf(entity)).filter((report) => !reports.includes(report));
  return [
    ...reports.flatMap((report) => say("result.viewed", report, 3)),
    ...[...new Set(parts)].flatMap((report) => say("result.viewed", report, 2)),
  ];
}

/** A look may begin before the time by which it counts. */
function startOf({ at, startedAt }: AuditEventFacts): Pick<RelatedEvent, "startedAt"> {
  return at && startedAt && startedAt.at < at.at ? { startedAt: startedAt.at } : {};
}

/** A search of results, the chart opened: stored once, on the patient; detection matches them to results. */
function onPatient(world: World, key: Key, audit: AuditEventFacts): RelatedEvent[] {
  const patient = world.resolve(audit.patient);
  if (patient === undefined || !audit.at || audit.actor.kind !== "human") return [];
  const common = {
    subject: patient,
    subjectRead: true,
    saying: key,
    via: "audit" as const,
    byPerson: true,
    ...startOf(audit),
    ...actorFields(audit.actor),
  };
  if (audit.operation === "search" && audit.searched.some((type) => type === "DiagnosticReport" || type === "Observation")) {
    return [makeEvent(audit.at, { ...common, activity: "result.viewed", grade: 1 })];
  }
  return audit.operation === "read" && audit.opensChart ? [makeEvent(audit.at, { ...common, activity: "chart.opened", grade: 0 })] : [];
}

/** ISO 21089 `transmit` of a document, by whomever: programs send them. */
function sentDocuments(world: World, key: Key, audit: AuditEventFacts): RelatedEvent[] {
  const { at: time } = audit;
  if (audit.lifecycle !== "transmit" || !time) return [];
  return documentsNamed(world, audit.entities).map((document) =>
    makeEvent(time, {
      activity: "document.sent",
      subject: document,
      subjectRead: isRead(world, document),
      saying: key,
      via: "audit",
      byPerson: audit.actor.kind === "human",
      ...actorFields(audit.actor),
    }),
  );
}

/** An AuditEvent `delete` alone revokes an order. */
function deletedOrders(world: World, key: Key, audit: AuditEventFacts): RelatedEvent[] {
  if (audit.operation !== "delete" || !audit.at) return [];
  const { at: time } = audit;
  return resolveAll(world, audit.entities)
    .filter((entity) => ["ServiceRequest", "MedicationRequest"].includes(typeOf(entity)))
    .map((order) =>
      makeEvent(time, {
        activity: "order.revoked",
        subject: order,
        subjectRead: isRead(world, order),
        saying: key,
        via: "audit",
        byPerson: audit.actor.kind === "human",
        ...actorFields(audit.actor),
      }),
    );
}
