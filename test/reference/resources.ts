import type { Instant, Interval } from "../../src/domain/instant.ts";

export function utc(text: string): Instant {
  return Date.parse(text);
}

const whole: readonly Interval[] = [{ from: utc("2024-01-01T00:00:00Z"), to: utc("2026-03-20T00:00:00Z") }];
export const coverAll: Readonly<Record<string, readonly Interval[]>> = Object.fromEntries(
  ["DiagnosticReport", "Observation", "ServiceRequest", "Task", "AuditEvent", "Provenance", "Communication"].map((type) => [type, whole]),
);

interface Meta {
  readonly version?: number;
  readonly lastUpdated?: string;
}

function resource(resourceType: string, id: string, fields: Meta & Readonly<Record<string, unknown>>) {
  const { version = 1, lastUpdated = "2026-03-02T09:00:00Z", ...rest } = fields;
  return { resourceType, id, meta: { versionId: String(version), lastUpdated }, ...rest };
}

export function report(id: string, over: Readonly<Record<string, unknown>> = {}) {
  return resource("DiagnosticReport", id, {
    status: "final",
    issued: "2026-03-02T09:00:00Z",
    subject: { reference: "Patient/p" },
    ...over,
  });
}

export function order(id: string, over: Readonly<Record<string, unknown>> = {}) {
  const category = [{ coding: [{ code: "108252007" }] }];
  return resource("ServiceRequest", id, {
    status: "active",
    intent: "order",
    authoredOn: "2026-03-02T09:00:00Z",
    category,
    subject: { reference: "Patient/p" },
    ...over,
  });
}

export function task(id: string, over: Readonly<Record<string, unknown>> = {}) {
  return resource("Task", id, { status: "requested", intent: "order", authoredOn: "2026-03-02T09:00:00Z", ...over });
}

export function patient(id: string, over: Readonly<Record<string, unknown>> = {}) {
  return resource("Patient", id, over);
}

export function communication(id: string, over: Readonly<Record<string, unknown>> = {}) {
  return resource("Communication", id, { status: "completed", about: [{ reference: "DiagnosticReport/r" }], ...over });
}

export function audit(id: string, code: string, what: string, over: Readonly<Record<string, unknown>> = {}) {
  const subtype = [{ system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code }];
  const agent = [{ who: { reference: "Practitioner/d" }, requestor: true }];
  return resource("AuditEvent", id, { recorded: "2026-03-02T10:00:00Z", subtype, agent, entity: [{ what: { reference: what } }], ...over });
}

interface Value {
  readonly value?: number;
  readonly unit?: string;
  readonly loinc?: string;
  readonly comparator?: string;
  readonly interpretation?: string | undefined;
  readonly referenceRange?: readonly object[];
}

export function observation(
  id: string,
  { value, unit = "mmol/L", loinc = "2823-3", comparator, interpretation, referenceRange = [] }: Value,
) {
  const valueQuantity = { value, unit, comparator };
  const code = { coding: [{ system: "http://loinc.org", code: loinc }] };
  const said = interpretation === undefined ? [] : [{ coding: [{ code: interpretation }] }];
  return resource("Observation", id, { status: "final", code, valueQuantity, referenceRange, interpretation: said });
}
