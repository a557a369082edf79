/** AuditEvents of an EPR that says in codes of its own that a result was opened or signed: invented, and full of what must not come out. */
export function eprEvent(id: string, subtype: string, more: object = {}): object {
  return {
    resourceType: "AuditEvent",
    id,
    type: { system: "http://terminology.hl7.org/CodeSystem/audit-event-type", code: "rest" },
    subtype: [{ system: "urn:oid:1.2.826.0.1.9999.7", code: subtype, display: "HOLLIS, Vera" }],
    action: "E",
    recorded: "2026-03-02T09:00:00Z",
    outcome: "0",
    agent: [{ who: { reference: "Practitioner/secret-doctor", display: "Dr Secret" }, requestor: true }],
    entity: [
      { what: { reference: "DiagnosticReport/secret-report" } },
      { what: { reference: "Patient/secret-patient" }, name: "HOLLIS, Vera" },
    ],
    ...more,
  };
}

/** Words of the records above that no report of ours may hold. */
export const secrets = /secret|hollis|9434765919/i;
