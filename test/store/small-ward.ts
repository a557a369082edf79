import { makeFolder } from "../fhir/make-folder.ts";

type Resource = Readonly<Record<string, unknown>> & { readonly resourceType: string };

/** A patient; `replaces` names another record of the same person. */
export function patient(id: string, more: object = {}): Resource {
  return { resourceType: "Patient", id, meta: { lastUpdated: "2026-03-01T09:00:00Z" }, ...more };
}

/** A final laboratory report of 1 March at nine, of the patient of the same name; its one Observation is `<id>-1`. */
export function report(id: string, more: object = {}): Resource {
  return {
    resourceType: "DiagnosticReport",
    id,
    meta: { versionId: "1", lastUpdated: "2026-03-01T09:00:00Z" },
    status: "final",
    category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "LAB" }] }],
    code: { text: "Potassium" },
    issued: "2026-03-01T09:00:00Z",
    subject: { reference: `Patient/${id}` },
    result: [{ reference: `Observation/${id}-1` }],
    ...more,
  };
}

/** The Observation of a report, its urgency by a flag: `HH`, `H`, `N`. */
export function observation(report: string, flag: string, version = 1): Resource {
  return {
    resourceType: "Observation",
    id: `${report}-1`,
    meta: { versionId: String(version), lastUpdated: `2026-03-01T09:0${String(version)}:00Z` },
    status: "final",
    category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] }],
    code: { text: "Potassium" },
    subject: { reference: `Patient/${report}` },
    interpretation: [{ coding: [{ code: flag }] }],
  };
}

/** A person's `verify` of a report. */
export function verify(report: string, at: string): Resource {
  return {
    resourceType: "AuditEvent",
    id: `${report}-verify-${at.replace(/\D/g, "")}`,
    action: "U",
    subtype: [{ system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code: "verify" }],
    recorded: at,
    outcome: "0",
    agent: [{ who: { reference: "Practitioner/hale" }, requestor: true }],
    entity: [{ what: { reference: `DiagnosticReport/${report}` } }],
  };
}

export function order(id: string, more: object = {}): Resource {
  return {
    resourceType: "ServiceRequest",
    id,
    meta: { versionId: "1", lastUpdated: "2026-03-01T07:00:00Z" },
    status: "active",
    intent: "order",
    priority: "stat",
    category: [{ text: "laboratory", coding: [{ code: "laboratory" }] }],
    code: { text: "Potassium" },
    authoredOn: "2026-03-01T07:00:00Z",
    ...more,
  };
}

export function task(id: string, more: object = {}): Resource {
  return {
    resourceType: "Task",
    id,
    meta: { versionId: "1", lastUpdated: "2026-03-01T10:00:00Z" },
    status: "requested",
    intent: "order",
    priority: "stat",
    code: { text: "Telephone the ward" },
    authoredOn: "2026-03-01T10:00:00Z",
    ...more,
  };
}

/** What a ward writes: of these coverage is said. */
export const wardTypes = [
  "AuditEvent",
  "Communication",
  "DiagnosticReport",
  "MedicationRequest",
  "Observation",
  "Patient",
  "Provenance",
  "ServiceRequest",
  "Task",
];
const whole = [["2026-02-01T00:00:00Z", "2026-03-16T09:00:00Z"]];

/** A folder of these resources; everything is covered from 1 February to the hospital's now but where `coverage` says otherwise. */
export function wardFolder(resources: readonly Resource[], coverage: object = {}): string {
  const lines = Map.groupBy(resources, (resource) => resource.resourceType);
  const files = [...lines].map(
    ([type, ofType]) => [`${type}.ndjson`, ofType.map((resource) => JSON.stringify(resource)).join("\n")] as const,
  );
  const covered = { ...Object.fromEntries(wardTypes.map((type) => [type, whole])), ...coverage };
  return makeFolder({ ...Object.fromEntries(files), "coverage.json": JSON.stringify(covered) });
}
