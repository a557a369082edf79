import { beforeEach, expect, inject, test } from "vitest";
import { sites } from "../../fixtures/sites.ts";
import { emptyHapi } from "./ask-hapi.ts";
import { hospitalInHapi, type CaseInHapi } from "./hospital-in-hapi.ts";
import { loadHospital } from "./load-hospital.ts";

const base = inject("hapiBase");

const reasonMustNotBeReport = (type: string): string =>
  `422 HAPI-0931: Invalid reference found at path '${type}.reasonReference'. Resource type 'DiagnosticReport' is not valid for this path`;
const idMissing =
  "400 HAPI-0418: Can not update resource, request URL must contain an ID element for update (PUT) operation (it must be of the form [base]/[resource type]/[id])";
const unreadable = (element: string, value: string, why = ""): string =>
  `400 HAPI-1821: [element="${element}"] Invalid attribute value "${value}": Invalid date/time format: "${value}"${why}`;
const lostOfAuditR5 = "lost category, lost code, lost occurredDateTime, lost outcome, lost patient";

/** The cases that HAPI does not keep as they are: by site, what it refuses or alters. */
const notKept: Record<string, Partial<CaseInHapi>[]> = {
  north: [
    { case: "conditional-reference", taken: 4, altered: ["Task/conditional-reference: changed focus.reference"] },
    { case: "event-without-id", taken: 4, altered: ["AuditEvent without id: added id"] },
    {
      case: "action-names-report",
      taken: 4,
      refused: [`MedicationRequest/action-names-report: ${reasonMustNotBeReport("MedicationRequest")}`],
    },
    { case: "action-appointment", taken: 4, refused: [`Appointment/action-appointment: ${reasonMustNotBeReport("Appointment")}`] },
    {
      case: "action-proposed-only",
      taken: 4,
      refused: [`MedicationRequest/action-proposed-only: ${reasonMustNotBeReport("MedicationRequest")}`],
    },
    {
      case: "authored-unreadable",
      taken: 1,
      refused: Array<string>(2).fill(
        `Task/authored-unreadable: ${unreadable("authoredOn", "2026-03-09T12:011:30", ": Expected character ':' at index 16 but found 1")}`,
      ),
    },
    { case: "outage-but-met", taken: 4, refused: [`MedicationRequest/outage-but-met: ${reasonMustNotBeReport("MedicationRequest")}`] },
    { case: "task-without-id", taken: 3, refused: [`Task without id: ${idMissing}`] },
    { case: "call-without-time", taken: 3, refused: [`Communication/call-without-time: ${unreadable("sent", "yesterday, about noon")}`] },
    { case: "call-names-patient-only", taken: 3, refused: [`Communication without id: ${idMissing}`] },
    { case: "report-without-id", taken: 2, refused: [`DiagnosticReport without id: ${idMissing}`] },
    {
      case: "report-without-time",
      taken: 2,
      refused: [`DiagnosticReport/report-without-time: ${unreadable("effectiveDateTime", "4th inst.")}`],
    },
    // It had an empty list.
    { case: "merged-by-link", taken: 5, altered: ["Patient/merged-by-link-new: lost identifier"] },
  ],
  south: [],
  west: [
    { case: "staff", taken: 5, altered: ["Device/epr: lost name"] },
    {
      case: "west-audit-r5",
      taken: 5,
      altered: [`AuditEvent/west-audit-r5-verify: ${lostOfAuditR5}`, "ServiceRequest/west-audit-r5: lost code"],
    },
    {
      case: "west-audit-stu3",
      taken: 4,
      altered: [
        "AuditEvent/west-audit-stu3-verify: lost agent.reference, lost agent.userId, lost source, lost entity.reference",
        "DiagnosticReport/west-audit-stu3: changed category, lost performer",
        "Observation/west-audit-stu3-1: changed interpretation",
      ],
    },
    {
      case: "west-task-r5",
      taken: 5,
      altered: ["Task/west-task-r5: lost requestedPerformer", "Task/west-task-r5: lost requestedPerformer, lost performer"],
    },
    {
      case: "west-task-stu3",
      taken: 4,
      altered: [
        "DiagnosticReport/west-task-stu3: changed category, lost performer",
        "Observation/west-task-stu3-1: changed interpretation",
        "Task/west-task-stu3: lost requester",
      ],
    },
    {
      case: "west-emergency-r5",
      taken: 4,
      refused: [
        `Encounter/west-emergency-r5: 400 HAPI-1821: [element="status"] Invalid attribute value "completed": Unknown EncounterStatus code 'completed'`,
      ],
      altered: [`AuditEvent/west-emergency-r5-verify: ${lostOfAuditR5}`],
    },
    {
      case: "west-action-r5",
      taken: 5,
      altered: [`AuditEvent/west-action-r5-verify: ${lostOfAuditR5}`, "MedicationRequest/west-action-r5: lost medication, lost reason"],
    },
    { case: "west-order-r5", taken: 2, altered: ["ServiceRequest/west-order-r5: lost code"] },
    { case: "west-an-hour-ahead", taken: 3, altered: Array<string>(2).fill("Task/west-an-hour-ahead: lost requestedPerformer") },
  ],
};

beforeEach(() => emptyHapi(base));

test.each(sites)("$id: each case is given back as it was put, but for those named here", async (site) => {
  const table = await hospitalInHapi(site, await loadHospital(base, site.id));
  expect(table.map((row) => row.case)).toEqual(["staff", ...site.cases.map(({ name }) => name)]);
  expect(table.filter(({ taken }) => taken === 0)).toEqual([]);
  expect(table.filter(({ refused, altered }) => refused.length > 0 || altered.length > 0)).toEqual(
    notKept[site.id]?.map((row) => ({ refused: [], altered: [], ...row })),
  );
});
