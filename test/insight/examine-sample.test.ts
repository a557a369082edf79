import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { examineSample } from "../../src/insight/examine-sample.ts";
import { suggestMapping } from "../../src/insight/suggest-mapping.ts";
import { compileMapping, type Mapping } from "../../src/normalise/mapping.ts";
import { parseSiteMapping, parseMapping } from "../../src/normalise/parse-mapping.ts";
import { getDefaultMapping } from "../../src/normalise/read-mapping.ts";
import { normalise, type NormaliseContext } from "../../src/normalise/normalise.ts";
import { readFileSync } from "node:fs";
import { eprEvent, secrets } from "./epr-events.ts";

const context: NormaliseContext = {
  timeZone: "Europe/London",
  foreignBases: [],
  machineNames: [],
  joiningSystems: [],
  mapping: getDefaultMapping(),
};
const written = parseMapping(readFileSync(new URL("../../src/normalise/default-mapping.yaml", import.meta.url), "utf8"), "default");
const pasted = (text: string): Mapping => compileMapping(parseSiteMapping(text, "epr-mapping.yaml", written));

const signed = (id: string) => eprEvent(id, "RES-SIGN");
const login = {
  ...eprEvent("l", "LOGIN", { entity: [] }),
  type: { system: "http://dicom.nema.org/resources/ontology/DCM", code: "110114" },
};
const filed = {
  resourceType: "Task",
  id: "secret-task",
  status: "completed",
  intent: "order",
  code: { coding: [{ system: "urn:oid:1.2.826.0.1.9999.8", code: "no" }], text: "HOLLIS, Vera" },
  focus: { reference: "DiagnosticReport/secret-report" },
  lastModified: "2026-03-02T09:00:00Z",
};
const provenance = {
  resourceType: "Provenance",
  target: [{ reference: "DiagnosticReport/secret-report" }],
  recorded: "2026-03-02T09:00:00Z",
  activity: { coding: [{ code: "FILED" }] },
  agent: [{ who: { reference: "Practitioner/secret-doctor" } }],
};

describe("a sample", () => {
  it("tells what share of the events has a person, a patient, a known activity, an outcome and a time", () => {
    const nobody = eprEvent("n", "RES-OPEN", { agent: [{ who: { reference: "Device/epr" } }], outcome: undefined, entity: [] });
    const read = eprEvent("r", "RES-OPEN", { action: "R" });
    const late = eprEvent("t", "RES-OPEN", { recorded: "yesterday" });
    const { types } = examineSample([signed("a"), nobody, read, late, { resourceType: "Claim", id: "c" }], context);
    expect(types).toEqual([
      {
        type: "AuditEvent",
        sampled: 4,
        refused: { "no-time": 1 },
        shares: { "a person": 2, "a patient": 2, "a record": 2, "a known activity": 1, "an outcome": 2, "a time": 3 },
      },
    ]);
  });

  it("lists what is not understood by its shape, the most frequent first, and nothing of any patient", () => {
    const { unmapped } = examineSample([eprEvent("o", "RES-OPEN"), signed("a"), signed("b"), login, filed, provenance], context);
    expect(unmapped.map(({ count, from, names, codes }) => [count, from, names.join(), codes["subtype"]?.[0]?.code])).toEqual([
      [2, "AuditEvent", "DiagnosticReport,Patient", "RES-SIGN"],
      [1, "AuditEvent", "", "LOGIN"],
      [1, "AuditEvent", "DiagnosticReport,Patient", "RES-OPEN"],
      [1, "Provenance", "DiagnosticReport", undefined],
      [1, "Task", "DiagnosticReport", undefined],
    ]);
    expect(JSON.stringify(unmapped)).not.toMatch(secrets);
    expect(suggestMapping(unmapped)).not.toMatch(secrets);
  });

  it("keeps back a code that is somebody's name or number", () => {
    const number = { what: { identifier: { system: "https://fhir.nhs.uk/Id/nhs-number", value: "9434765919" } } };
    const wrong = eprEvent("w", "9434765919", { type: { code: "Vera Hollis, ward 7" }, entity: [number] });
    const { unmapped } = examineSample([wrong], context);
    expect(unmapped).toEqual([{ count: 1, from: "AuditEvent", codes: { action: [{ code: "E" }] }, names: ["identifier"] }]);
  });
});

describe("the mapping to paste", () => {
  const sample = [
    eprEvent("o", "RES-OPEN"),
    signed("a"),
    filed,
    provenance,
    eprEvent("y", "yes", { subtype: undefined, code: { coding: [{ code: "Y" }] } }),
  ];

  it("validates, and makes every event in it known", () => {
    const before = examineSample(sample, context);
    const text = suggestMapping(before.unmapped)!;
    const after = examineSample(sample, { ...context, mapping: pasted(text) });
    expect(before.unmapped).toHaveLength(5);
    expect(after.unmapped).toEqual([]);
    const audits = after.types.find(({ type }) => type === "AuditEvent");
    expect([audits?.sampled, audits?.shares["a known activity"]]).toEqual([3, 3]);
    const said = normalise(signed("a"), { ...context, mapping: pasted(text) });
    expect(said).toMatchObject({ kind: "facts", facts: { says: ["result.viewed"] } });
  });

  it("is none where nothing names a result, for a mapping could make nothing of it", () => {
    expect(
      suggestMapping(examineSample([login, eprEvent("p", "X", { entity: [{ what: { reference: "Patient/p" } }] })], context).unmapped),
    ).toBe(undefined);
  });

  it("validates and is understood whatever codes an EPR has", () => {
    const code = fc.string({ unit: fc.constantFrom(...Array.from("aZ09-._:/ \"'{}[]#&*!|>%@`yn,\\\n")), maxLength: 12 });
    const system = fc.option(fc.oneof(code, fc.webUrl(), fc.constant("urn:oid:1.2.3")), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.record({ system, code }), { minLength: 1, maxLength: 3 }), code, (subtype, action) => {
        const event = eprEvent("x", "unused", { subtype, action });
        const { unmapped } = examineSample([event], context);
        const text = suggestMapping(unmapped);
        if (text === undefined) return;
        expect(examineSample([event], { ...context, mapping: pasted(text) }).unmapped).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
