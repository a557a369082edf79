import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { listVerdicts, scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const signals = readCatalogue().map(({ signal }) => signal);
const now = "2026-07-20T00:00:00Z";
const whole = ["2016-01-01T00:00:00Z", "2026-08-01T00:00:00Z"] as const;
const types =
  "AuditEvent Appointment Communication Composition Condition DiagnosticReport DocumentReference Encounter ImagingStudy MedicationRequest Observation Patient Procedure Provenance ServiceRequest Specimen Task";
const coverage = Object.fromEntries(types.split(" ").map((type) => [type, [whole]]));

const snomed = (code: string) => ({ coding: [{ system: "http://snomed.info/sct", code }] });
const loinc = (code: string) => ({ coding: [{ system: "http://loinc.org", code }] });
const made = (resourceType: string, id: string, at: string, more: object) => ({
  resourceType,
  id,
  meta: { versionId: "1", lastUpdated: at },
  subject: { reference: "Patient/p" },
  ...more,
});
const laboratory = [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] }];
const abnormal = [{ coding: [{ code: "A" }] }];
const ordered = (id: string, category: string, more: object = {}) =>
  made("ServiceRequest", id, "2026-03-02T09:00:00Z", {
    status: "active",
    intent: "order",
    authoredOn: "2026-03-02T09:00:00Z",
    category: [{ coding: [{ code: category }] }],
    ...more,
  });
const value = (id: string, at: string, code: string, more: object = {}) =>
  made("Observation", id, at, { status: "final", category: laboratory, code: loinc(code), effectiveDateTime: at, ...more });

const imaging = [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "imaging" }] }];
/** A version of one prescription, by its dose. */
const thyroxine = (version: string, at: string, micrograms: string) => ({
  ...made("MedicationRequest", "thyroxine", at, {
    status: "active",
    intent: "order",
    authoredOn: "2025-06-02T09:00:00Z",
    medicationCodeableConcept: snomed("126202002"),
    dosageInstruction: [{ text: `${micrograms} micrograms in the morning` }],
  }),
  meta: { versionId: version, lastUpdated: at },
});

/** One patient, who meets most of the catalogue. */
const resources = [
  { resourceType: "Patient", id: "p", birthDate: "1966-03-02", meta: { versionId: "1", lastUpdated: "2026-01-01T00:00:00Z" } },
  ordered("booked", "referral"),
  made("Appointment", "a", "2026-03-09T09:00:00Z", {
    status: "booked",
    created: "2026-03-09T09:00:00Z",
    basedOn: [{ reference: "ServiceRequest/booked" }],
  }),
  ordered("taken", "referral"),
  made("Task", "takes", "2026-03-05T09:00:00Z", {
    status: "accepted",
    intent: "order",
    authoredOn: "2026-03-04T09:00:00Z",
    lastModified: "2026-03-05T09:00:00Z",
    for: { reference: "Patient/p" },
    focus: { reference: "ServiceRequest/taken" },
  }),
  ordered("forgotten", "referral"),
  ordered("follow", "clinic", { code: snomed("390906007"), occurrenceDateTime: "2026-06-01" }),
  ordered("ct", "imaging"),
  made("ImagingStudy", "study", "2026-03-03T09:00:00Z", {
    status: "available",
    started: "2026-03-03T09:00:00Z",
    basedOn: [{ reference: "ServiceRequest/ct" }],
  }),
  made("Composition", "summary", "2026-03-03T09:00:00Z", { status: "final", date: "2026-03-03T09:00:00Z", type: loinc("18842-5") }),
  made("Composition", "other", "2026-03-03T09:00:00Z", { status: "final", date: "2026-03-03T09:00:00Z", type: loinc("18842-5") }),
  {
    resourceType: "AuditEvent",
    id: "sent",
    subtype: [{ system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code: "transmit" }],
    recorded: "2026-03-03T12:00:00Z",
    outcome: "0",
    agent: [{ who: { reference: "Device/epr" }, requestor: true }],
    entity: [{ what: { reference: "Composition/summary" } }],
  },
  made("Encounter", "stay", "2026-03-04T09:00:00Z", {
    status: "finished",
    class: { code: "IMP" },
    period: { start: "2026-03-01T09:00:00Z", end: "2026-03-04T09:00:00Z" },
  }),
  made("Specimen", "blood", "2026-03-03T09:00:00Z", { collection: { collectedDateTime: "2026-03-03T09:00:00Z" } }),
  made("DiagnosticReport", "late", "2026-03-05T09:00:00Z", {
    status: "final",
    category: [{ coding: [{ code: "LAB" }] }],
    code: { text: "Culture" },
    issued: "2026-03-05T09:00:00Z",
    encounter: { reference: "Encounter/stay" },
    specimen: [{ reference: "Specimen/blood" }],
  }),
  value("fit", "2026-03-02T09:00:00Z", "29771-3", { interpretation: abnormal }),
  value("fit-again", "2026-03-20T09:00:00Z", "29771-3", { valueCodeableConcept: snomed("10828004") }),
  made("Procedure", "colonoscopy", "2026-03-20T09:00:00Z", {
    status: "completed",
    code: snomed("73761001"),
    performedDateTime: "2026-03-12T09:00:00Z",
  }),
  value("hb", "2026-03-02T09:00:00Z", "718-7", { valueQuantity: { value: 10.5, unit: "g/dL", code: "g/dL" } }),
  value("mcv", "2026-03-02T09:00:00Z", "787-2", { valueQuantity: { value: 70, unit: "fL", code: "fL" } }),
  made("Condition", "carrier", "2020-03-02T09:00:00Z", { code: snomed("40108008"), recordedDate: "2020-03-02T09:00:00Z" }),
  value("kidney", "2026-03-02T09:00:00Z", "14682-9", { interpretation: abnormal }),
  made("DiagnosticReport", "shadow", "2026-03-02T09:00:00Z", {
    status: "final",
    category: [{ coding: [{ code: "RAD" }] }],
    code: snomed("399208008"),
    issued: "2026-03-02T09:00:00Z",
    conclusionCode: [snomed("162573006")],
  }),
  value("mass", "2026-03-02T09:00:00Z", "24627-2", { category: imaging, interpretation: [snomed("162572001")] }),
  made("ImagingStudy", "chest", "2026-03-12T09:00:00Z", {
    status: "available",
    started: "2026-03-12T09:00:00Z",
    procedureCode: [snomed("169069000")],
  }),
  made("Condition", "thyroid", "2012-03-02T09:00:00Z", { code: snomed("40930008"), recordedDate: "2012-03-02T09:00:00Z" }),
  thyroxine("1", "2025-06-02T09:00:00Z", "100"),
  value("tsh", "2026-03-02T09:00:00Z", "3016-3", { interpretation: [{ coding: [{ code: "H" }] }] }),
  value("urine", "2026-03-02T09:00:00Z", "13945-1", { valueQuantity: { value: 50, comparator: ">", unit: "/HPF" } }),
  ordered("urology", "referral", { code: snomed("306318004"), authoredOn: "2026-04-02T09:00:00Z" }),
  value("afp", "2026-03-02T09:00:00Z", "1834-1", {
    valueQuantity: { value: 90, unit: "ug/L", code: "ug/L" },
    referenceRange: [{ high: { value: 6, unit: "ug/L", code: "ug/L" } }],
  }),
];

const expected: Readonly<Record<string, readonly string[]>> = {
  "referral-open": [
    "booked met 2026-04-13T09:00:00.000Z",
    "forgotten missed 2026-04-13T09:00:00.000Z",
    "taken met 2026-04-13T09:00:00.000Z",
    "urology missed 2026-05-14T09:00:00.000Z",
  ],
  "follow-up-unbooked": ["follow missed 2026-06-01T23:00:00.000Z"],
  "imaging-unreported": ["ct unknown never-seen 2026-03-31T09:00:00.000Z"],
  "document-unsent": ["other missed 2026-03-04T09:00:00.000Z", "summary met 2026-03-04T09:00:00.000Z"],
  "result-pending-at-discharge": ["late unknown never-seen 2026-03-08T09:00:00.000Z"],
  // The second test came after the colonoscopy, and is excused by it.
  "trigger-fit": ["fit met 2026-05-01T09:00:00.000Z"],
  "trigger-iron-deficiency": [],
  "trigger-kidney": ["kidney missed 2026-05-31T09:00:00.000Z"],
  "trigger-lung": ["mass met 2026-04-01T09:00:00.000Z", "shadow met 2026-04-01T09:00:00.000Z"],
  "trigger-thyroid": ["tsh missed 2026-05-01T09:00:00.000Z"],
  "trigger-haematuria": ["urine met 2026-05-01T09:00:00.000Z"],
  "trigger-afp": ["afp unknown never-seen 2026-05-01T09:00:00.000Z"],
};

async function said(): Promise<Record<string, string[]>> {
  const ids = Object.keys(expected);
  return Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await listVerdicts(connection, id)] as const)));
}

/** Not seen to be repeated here, unless nothing at all closes it. */
const kidneyNeverRepeated = { ...expected, "trigger-kidney": ["kidney met 2026-05-31T09:00:00.000Z"] };
const repeat = value("repeat", "2026-04-02T09:00:00Z", "33914-3");

describe("signals that look at other records of the patient", () => {
  test("say the same of everything at once, one by one, and backwards", async () => {
    await scanResources(connection, { resources, coverage, now, since: "2026-01-01T00:00:00Z", signals });
    const once = await said();
    expect({ ...once, "trigger-kidney": [] }).toEqual({ ...expected, "trigger-kidney": [] });
    for (const order of [resources, resources.toReversed()]) {
      await truncateAll(connection.db);
      for (const each of order)
        await scanResources(connection, { resources: [each], coverage, now, since: "2026-01-01T00:00:00Z", signals });
      expect(await said()).toEqual(once);
    }
  });

  test("are judged again when what closes or excuses them comes later, and when it is withdrawn", async () => {
    await scanResources(connection, { resources: [...resources, repeat], coverage, now, since: "2026-01-01T00:00:00Z", signals });
    expect(await said()).toEqual(kidneyNeverRepeated);
    const withdrawn = { ...repeat, status: "entered-in-error", meta: { versionId: "2", lastUpdated: "2026-04-03T09:00:00Z" } };
    const another = made("Procedure", "before", "2023-03-20T09:00:00Z", {
      status: "completed",
      code: snomed("73761001"),
      performedDateTime: "2023-03-12T09:00:00Z",
    });
    await scanResources(connection, { resources: [withdrawn, another], coverage, now, signals });
    expect(await said()).toMatchObject({ "trigger-fit": [], "trigger-kidney": ["kidney missed 2026-05-31T09:00:00.000Z"] });
  });

  test("a picture is suspicious where its own version says so: what an amendment says counts from the amendment on", async () => {
    const reported = (id: string, version: string, at: string, status: string, isSuspicious: boolean) => ({
      ...made("DiagnosticReport", id, at, {
        status,
        category: [{ coding: [{ code: "RAD" }] }],
        code: snomed("399208008"),
        issued: at,
        ...(isSuspicious && { conclusionCode: [snomed("162573006")] }),
      }),
      meta: { versionId: version, lastUpdated: at },
    });
    const versions = [
      reported("taken-back", "1", "2026-03-02T09:00:00Z", "final", true),
      reported("taken-back", "2", "2026-03-03T09:00:00Z", "amended", false),
      reported("only-later", "1", "2026-03-02T09:00:00Z", "final", false),
      reported("only-later", "2", "2026-04-12T09:00:00Z", "amended", true),
    ];
    await scanResources(connection, { resources: [...resources, ...versions], coverage, now, since: "2026-01-01T00:00:00Z", signals });
    const said = await listVerdicts(connection, "trigger-lung");
    expect(said.filter((each) => /^(taken-back|only-later) /.test(each))).toEqual([
      "only-later missed 2026-05-12T09:00:00.000Z",
      "taken-back cancelled 2026-04-01T09:00:00.000Z",
    ]);
  });

  test("a dose is changed by a version that says another one, not by one that says the same", async () => {
    await scanResources(connection, { resources, coverage, now, since: "2026-01-01T00:00:00Z", signals });
    const same = thyroxine("2", "2026-03-20T09:00:00Z", "100");
    await scanResources(connection, { resources: [same], coverage, now, signals });
    expect(await listVerdicts(connection, "trigger-thyroid")).toEqual(["tsh missed 2026-05-01T09:00:00.000Z"]);
    const more = thyroxine("3", "2026-04-20T09:00:00Z", "125");
    await scanResources(connection, { resources: [more], coverage, now, signals });
    expect(await listVerdicts(connection, "trigger-thyroid")).toEqual(["tsh met 2026-05-01T09:00:00.000Z"]);
  });

  test("come to what is held already once they are turned on", async () => {
    await scanResources(connection, { resources, coverage, now, since: "2026-01-01T00:00:00Z" });
    expect(await listVerdicts(connection, "trigger-fit")).toEqual([]);
    await scanResources(connection, { coverage, now, signals });
    expect(await listVerdicts(connection, "trigger-fit")).toEqual(expected["trigger-fit"]);
  });
});
