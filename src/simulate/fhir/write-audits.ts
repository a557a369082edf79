import type { Chart } from "../chart.ts";
import { SECOND } from "../london-time.ts";
import type { Person } from "../staff.ts";
import { listEntries, type AuditEntry } from "./audit-entry.ts";
import { concept, HL7, recordOf, reference, type FhirRecord, type Json } from "./record.ts";
import { iso } from "./iso.ts";
import { epr } from "./write-hospital.ts";

const LIFECYCLE = `${HL7}/iso-21089-lifecycle`;
const RESTFUL = "http://hl7.org/fhir/restful-interaction";
const DCM = "http://dicom.nema.org/resources/ontology/DCM";
const REST = { system: `${HL7}/audit-event-type`, code: "rest", display: "RESTful Operation" };
const actions: Readonly<Record<AuditEntry["does"], string>> = {
  read: "R",
  search: "E",
  create: "C",
  update: "U",
  delete: "D",
  verify: "U",
  transmit: "R",
};

/** The audit trail of one patient in the shape of a dialect. */
export function* writeAudits(chart: Chart, shape: "balp" | "iso21089" | "r5"): Generator<FhirRecord> {
  let number = 0;
  for (const entry of listEntries(chart)) {
    number += 1;
    const content = shapes[shape](entry, chart.patient.key);
    yield* recordOf(`AuditEvent/${chart.patient.id}-a${number}`, [{ at: entry.at, content }]);
  }
}

const shapes: Readonly<Record<"balp" | "iso21089" | "r5", (entry: AuditEntry, patient: string) => Json>> = {
  balp: (entry, patient) => ({
    type: REST,
    subtype: codesOf(entry),
    action: actions[entry.does],
    recorded: iso(entry.at),
    outcome: entry.failed ? "8" : "0",
    agent: [...machines(), ...people(entry.by, ({ key }) => reference(key))],
    source: { observer: reference(epr) },
    entity: [
      { what: reference(patient), type: { system: `${HL7}/audit-entity-type`, code: "1" }, role: role("1") },
      ...(entry.entity === undefined || entry.entity === patient ? [] : [{ what: reference(entry.entity), role: role("4") }]),
      ...(entry.query === undefined ? [] : [{ query: base64(entry.query), role: role("24") }]),
    ],
  }),
  iso21089: (entry, patient) => {
    const code = {
      read: "access",
      search: "access",
      create: "originate",
      update: "amend",
      delete: "destroy",
      verify: "verify",
      transmit: "transmit",
    }[entry.does];
    return {
      type: { system: LIFECYCLE, code },
      action: entry.does === "search" ? "R" : actions[entry.does],
      period: { start: iso(entry.at), end: iso(entry.at) },
      recorded: iso(entry.at + SECOND),
      outcome: entry.failed ? "8" : undefined,
      agent:
        entry.by === "machine"
          ? machines()
          : people(entry.by, ({ register, given, family }) => ({ identifier: register, display: `${given} ${family}` })),
      source: { observer: { display: "EPR" } },
      entity: [
        ...(entry.entity === undefined ? [] : [{ what: reference(entry.entity) }]),
        ...(entry.query === undefined ? [] : [{ query: base64(entry.query) }]),
        ...(entry.entity === patient ? [] : [{ what: reference(patient), role: role("1") }]),
      ],
    };
  },
  r5: (entry, patient) => ({
    category: [{ coding: [REST] }],
    code: { coding: codesOf(entry) },
    action: actions[entry.does],
    occurredDateTime: iso(entry.at),
    recorded: iso(entry.at),
    outcome: {
      code: { system: `${HL7}/audit-event-outcome`, code: entry.failed ? "8" : "0" },
    },
    patient: reference(patient),
    agent: [...machines(), ...people(entry.by, ({ key }) => reference(key))],
    source: { observer: reference(epr) },
    entity: [
      ...(entry.entity === undefined ? [] : [{ what: reference(entry.entity), role: { coding: [role("4")] } }]),
      ...(entry.query === undefined ? [] : [{ query: base64(entry.query), role: { coding: [role("24")] } }]),
    ],
  }),
};

function codesOf({ does }: AuditEntry): Json[] {
  if (does === "verify")
    return [
      { system: RESTFUL, code: "update" },
      { system: LIFECYCLE, code: "verify" },
    ];
  if (does === "transmit") return [{ system: LIFECYCLE, code: does }];
  return [{ system: RESTFUL, code: does === "search" ? "search-type" : does }];
}

/** Machines come first, and are no requestor. */
function machines(): Json[] {
  return [
    { type: concept(DCM, "110153", "Source Role ID"), who: reference(epr), requestor: false },
    { type: concept(DCM, "110152", "Destination Role ID"), who: { display: "FHIR gateway" }, requestor: false },
  ];
}

function people(by: AuditEntry["by"], tell: (person: Person) => Json): Json[] {
  if (by === "machine") return [];
  return [{ type: concept(`${HL7}/v3-ParticipationType`, "IRCP", "information recipient"), who: tell(by), requestor: true }];
}

function role(code: string): Json {
  return { system: `${HL7}/object-role`, code };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
