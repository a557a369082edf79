import type { Instant } from "../../src/domain/instant.ts";
import { putAudit, type AuditActor, type AuditSpec } from "./audit-shapes.ts";
import { near, nearLoop } from "./moments.ts";
import { nearChange, type Order } from "./orders.ts";
import { staff } from "./people.ts";
import type { Report } from "./reports.ts";
import { draw, tally, type Ward } from "./ward.ts";

/** Everyone who may stand in an AuditEvent about a report, by why the rules tell them apart. */
const actors = {
  doctor: 14,
  "doctor-again": 3,
  nurse: 4,
  role: 3,
  "own-performer": 2,
  "own-interpreter": 2,
  "own-performing-role": 2,
  "order-requester": 3,
  machine: 3,
  patient: 2,
  relative: 1,
  team: 1,
};
const spellings = { reference: 14, identifier: 2, "alt-id": 2, name: 1, display: 1, empty: 1 };

function drawActor(ward: Ward, report: Report): AuditActor {
  const keys: Record<keyof typeof actors, string> = {
    doctor: staff.doctor,
    "doctor-again": staff.doctorAgain,
    nurse: staff.nurse,
    role: staff.role,
    "own-performer": staff.performer,
    "own-interpreter": staff.interpreter,
    "own-performing-role": staff.performingRole,
    "order-requester": report.order?.requester ?? staff.doctor,
    machine: staff.machine,
    patient: report.patient.key,
    relative: "RelatedPerson/relative",
    team: staff.team,
  };
  const key = keys[draw(ward, "actor", actors)];
  return { key, spelling: ward.dice.weigh(spellings) };
}

interface Purpose {
  readonly weight: number;
  readonly codes: readonly string[];
  readonly action?: string;
  readonly about:
    "report" | "observation" | "binary" | "patient" | "reports-searched" | "observations-searched" | "another-search" | "nothing";
}

const purposes: Readonly<Record<string, Purpose>> = {
  verify: { weight: 7, codes: ["verify"], action: "E", about: "report" },
  attest: { weight: 5, codes: ["attest"], action: "U", about: "report" },
  "verify-of-observation": { weight: 1, codes: ["verify"], about: "observation" },
  "update-and-verify": { weight: 1, codes: ["update", "verify"], action: "U", about: "report" },
  "read-report": { weight: 6, codes: ["read"], action: "R", about: "report" },
  "vread-report": { weight: 1, codes: ["vread"], about: "report" },
  "access-report": { weight: 2, codes: ["access"], about: "report" },
  "read-observation": { weight: 3, codes: ["read"], action: "R", about: "observation" },
  "read-binary": { weight: 2, codes: ["read"], action: "R", about: "binary" },
  "read-patient": { weight: 3, codes: ["read"], action: "R", about: "patient" },
  "search-reports": { weight: 3, codes: ["search-type"], action: "E", about: "reports-searched" },
  "search-observations": { weight: 2, codes: ["search"], action: "R", about: "observations-searched" },
  "search-others": { weight: 1, codes: ["search-type"], action: "E", about: "another-search" },
  "web-analytics": { weight: 1, codes: ["click"], about: "nothing" },
};

/** One AuditEvent about a report, near its openings or dues. */
export function putReportAudit(ward: Ward, report: Report, id: string): void {
  const purpose = draw(ward, "audit-purpose", Object.fromEntries(Object.entries(purposes).map(([name, { weight }]) => [name, weight])));
  const { codes, action, about } = purposes[purpose] as Purpose;
  const patientId = report.patient.id;
  const bearing = ward.identifiers.get(report.patient.key);
  const entities: Record<Purpose["about"], Pick<AuditSpec, "entities" | "query">> = {
    report: { entities: [report.key] },
    observation: { entities: [report.observed[0]?.key ?? "Observation/none"] },
    binary: { entities: [`Binary/${report.key.split("/")[1]}-pdf`] },
    patient: { entities: [] },
    "reports-searched": {
      entities: [],
      query: ward.dice.pick([
        `DiagnosticReport?subject=Patient/${patientId}&_sort=-date`,
        `/DiagnosticReport?patient=${patientId}`,
        `https://fhir.hospital.example/r4/DiagnosticReport?patient.identifier=${bearing?.system}|${bearing?.value}`,
      ]),
    },
    "observations-searched": { entities: [], query: `Observation?patient=${patientId}&category=laboratory` },
    "another-search": { entities: [], query: `Appointment?patient=${patientId}` },
    nothing: { entities: [] },
  };
  const acknowledges = codes.includes("verify") || codes.includes("attest");
  putAudit(ward, id, {
    at: nearLoop(ward, ward.dice.pick(report.openings), report.dues),
    codes,
    ...(action === undefined ? {} : { action }),
    actor: drawActor(ward, report),
    ...entities[about],
    ...(about === "nothing" ? {} : { patient: report.patient.key }),
    evidence: acknowledges ? "acknowledged" : undefined,
  });
}

/** A person's look at a report, or acknowledgement of it, from which an action by the same person takes its grade. */
export function putLook(ward: Ward, report: Report, id: string): { at: Instant; key: string } {
  const how = draw(ward, "look", { read: 5, search: 2, verify: 1, "read-of-observation": 1 });
  const key = draw(ward, "looker", { doctor: 5, "doctor-again": 1, role: 2 });
  const person = { doctor: staff.doctor, "doctor-again": staff.doctorAgain, role: staff.role }[key];
  const about: Record<typeof how, Pick<AuditSpec, "codes" | "entities" | "query" | "evidence">> = {
    read: { codes: ["read"], entities: [report.key] },
    search: { codes: ["search-type"], entities: [], query: `DiagnosticReport?patient=${report.patient.id}` },
    verify: { codes: ["verify"], entities: [report.key], evidence: "acknowledged" },
    "read-of-observation": { codes: ["read"], entities: [report.observed[0]?.key ?? report.key] },
  };
  const at = nearLoop(ward, report.openings[0] ?? ward.start, report.dues);
  putAudit(ward, id, { at, actor: { key: person, spelling: "reference" }, patient: report.patient.key, ...about[how] });
  return { at, key: person };
}

/** Who changed an order, told by an AuditEvent within five minutes of the change, or just beyond; a delete alone revokes. */
export function putOrderAudit(ward: Ward, order: Order, id: string): void {
  const change = draw(ward, "order-audit", { update: 3, delete: 2 });
  putAudit(ward, id, {
    at: change === "update" ? nearChange(ward, order) : nearLoop(ward, order.placedAt, order.dues),
    codes: [change],
    action: change === "update" ? "U" : "D",
    actor: { key: ward.dice.pick([staff.doctor, staff.nurse, staff.machine]), spelling: "reference" },
    entities: [order.key],
    patient: order.patient.key,
  });
}

/** A machine (or the patient, or a person) named as the author of one version of a Task. */
export function putTaskAudit(ward: Ward, task: string, version: number, at: Instant, id: string): void {
  const who = draw(ward, "task-audit", { machine: 4, patient: 1, human: 2 });
  const byVersion = ward.dice.chance(0.5);
  tally(ward, byVersion ? "task-audit-of-version" : "task-audit-by-time");
  putAudit(ward, id, {
    at: near(ward, [at]),
    codes: ["update"],
    action: "U",
    actor: { key: { machine: staff.machine, patient: "Patient/p-1", human: staff.nurse }[who], spelling: "reference" },
    entities: [byVersion ? `${task}/_history/${version}` : task],
  });
}
