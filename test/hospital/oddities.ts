import { MINUTE, near, write } from "./moments.ts";
import { staff } from "./people.ts";
import type { Report } from "./reports.ts";
import { draw, put, tally, type Json, type Ward } from "./ward.ts";

const WHAT_READ = {
  type: { system: "http://terminology.hl7.org/CodeSystem/audit-event-type", code: "rest" },
  subtype: [{ system: "http://hl7.org/fhir/restful-interaction", code: "read" }],
};

/** What cannot be used (and belongs in quarantine), what nothing uses, and what is too old. */
export function putOddity(ward: Ward, report: Report, id: string): void {
  const at = near(ward, [...report.openings, ...report.dues]);
  const kind = draw(ward, "oddity", {
    "no-id": 3,
    "unreadable-time": 3,
    "no-time": 3,
    "unreadable-time-with-another": 2,
    "audit-without-time": 2,
    "audit-unreadable-time": 2,
    "something-else": 1,
    "type-nothing-uses": 2,
    expired: 2,
    "task-without-time": 1,
  });
  const subject = { reference: report.patient.key };
  const meta = { versionId: "1", lastUpdated: write(ward, at) };
  const oddities: Record<typeof kind, Json> = {
    "no-id": { resourceType: "DiagnosticReport", status: "final", subject, issued: write(ward, at), meta },
    "unreadable-time": {
      resourceType: "Communication",
      id,
      status: "completed",
      subject,
      about: [{ reference: report.key }],
      sent: "2025-03-04T12:011:30",
    },
    "no-time": { resourceType: "DiagnosticReport", id, status: "final", subject },
    "unreadable-time-with-another": {
      resourceType: "DiagnosticReport",
      id,
      status: "final",
      subject,
      issued: "2025-03-04T12:011:30",
      meta,
    },
    "audit-without-time": {
      resourceType: "AuditEvent",
      id,
      ...WHAT_READ,
      action: "R",
      agent: [{ who: { reference: staff.doctor }, requestor: true }],
      entity: [{ what: { reference: report.key } }],
    },
    "audit-unreadable-time": {
      resourceType: "AuditEvent",
      ...WHAT_READ,
      action: "R",
      recorded: "12:011:30",
      agent: [{ who: { reference: staff.doctor }, requestor: true }],
      entity: [{ what: { reference: report.key } }],
    },
    "something-else": { resourceType: "Task", title: "a form, not a task", steps: [id] },
    "type-nothing-uses": { resourceType: "Claim", id, status: "active", patient: subject, created: write(ward, at) },
    expired: {
      resourceType: "DiagnosticReport",
      id,
      status: "final",
      subject,
      issued: write(ward, at - 1_200 * 24 * 60 * MINUTE),
      meta: { versionId: "1", lastUpdated: write(ward, at - 1_200 * 24 * 60 * MINUTE) },
    },
    "task-without-time": { resourceType: "Task", id, status: "completed", intent: "order", focus: { reference: report.key } },
  };
  put(ward, oddities[kind]);
}

/** A FHIR deletion of something the hospital has written; now and then it is written anew. */
export function putDeletion(ward: Ward): void {
  const kinds = ["DiagnosticReport", "ServiceRequest", "Task", "Observation", "Communication", "Encounter"];
  const candidates = ward.resources.filter((each) => typeof each["id"] === "string" && kinds.includes(String(each["resourceType"])));
  if (candidates.length === 0) return;
  const chosen = ward.dice.pick(candidates);
  const { resourceType, id } = chosen;
  const at = near(ward, [...ward.dues, ...ward.openings]);
  put(ward, { resourceType, id, meta: { lastUpdated: write(ward, at) }, deleted: true });
  tally(ward, "deletion");
  if (!ward.dice.chance(0.3)) return;
  tally(ward, "deletion-undone");
  put(ward, { ...chosen, meta: { versionId: "40", lastUpdated: write(ward, at + ward.dice.pick([1, MINUTE])) } });
}
