import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AuditEventFacts, Facts, TaskFacts } from "../../src/domain/facts.ts";
import { defaultJoiningSystems } from "../../src/domain/joining-systems.ts";
import { getDefaultMapping } from "../../src/normalise/default-mapping.ts";
import { normalise } from "../../src/normalise/normalise.ts";
import type { Normalised } from "../../src/normalise/normalise.ts";

/** 907 files of public repositories: not ours to copy, so they stand beside the project and only CI has them. */
const folder = process.env["CORPORA"] ?? join(import.meta.dirname, "../../../shared/corpora");
const context = { timeZone: "Europe/London", foreignBases: [], machineNames: [], joiningSystems: defaultJoiningSystems, mapping: getDefaultMapping() };

interface Example {
  readonly path: string;
  readonly result: Normalised;
}

const examples: Example[] = globSync("**/*.{json,ndjson}", { cwd: folder }).toSorted().flatMap(readExamples);

function readExamples(path: string): Example[] {
  const text = readFileSync(join(folder, path), "utf8").replace(/^\uFEFF/, "");
  const parts = path.endsWith(".ndjson") ? text.split("\n") : [text];
  return parts.flatMap(parseAll).map((resource) => ({ path, result: normalise(resource, context) }));
}

/** A resource, or those of a Bundle; none where the text is no JSON. */
function parseAll(text: string): unknown[] {
  try {
    const value = JSON.parse(text) as { resourceType?: unknown; entry?: unknown } | null;
    const entries = value?.resourceType === "Bundle" && Array.isArray(value.entry) ? (value.entry as ({ resource?: unknown } | null)[]) : [];
    return [value, ...entries.map((entry) => entry?.resource).filter((resource) => resource !== undefined)];
  } catch {
    return [];
  }
}

function factsIn<T extends Facts["type"]>(path: string, type: T): Extract<Facts, { type: T }> {
  const found = examples.find((example) => example.path.includes(path) && example.result.kind === "facts" && example.result.facts.type === type);
  if (found?.result.kind !== "facts") throw new Error(`no ${type} in ${path}`);
  return found.result.facts as Extract<Facts, { type: T }>;
}

describe("the public examples", () => {
  test("are all read, refused with a reason or skipped", () => {
    const counts = Object.groupBy(examples, ({ result }) => (result.kind === "refused" ? `refused ${result.code}` : result.kind));
    expect(Object.fromEntries(Object.entries(counts).map(([outcome, all]) => [outcome, all.length]))).toEqual({
      facts: COUNTS,
    });
  });

  test("those that nothing places are Tasks, orders and acts without any time, never an AuditEvent", () => {
    const types = examples.flatMap(({ result }) => (result.kind === "refused" && result.code === "no-time" ? [result.type] : []));
    expect([...new Set(types)].toSorted()).toEqual(["Appointment", "Communication", "DiagnosticReport", "MedicationRequest", "Procedure", "ServiceRequest", "Task"]);
  });

  test("no reason quotes an id", () => {
    const quoting = examples.filter(({ result }) => result.kind === "refused" && result.key !== undefined && result.reason.includes(result.key.split("/")[1] ?? "?"));
    expect(quoting.map(({ path }) => basename(path))).toEqual([]);
  });
});

describe("who did what to whom in named examples", () => {
  const say = ({ operation, success, actor, patient, entities, searched, at }: AuditEventFacts) =>
    [operation, success ? "done" : "failed", actor.kind, actor.ref?.key, patient?.key, entities.map(({ key }) => key).join(" "), searched.join(" "), at && new Date(at.at).toISOString()] as const;

  test.each([
    ["ihe-balp/AuditEvent/AuditEvent-ex-auditBasicReadServer.json", "read", "done", "human", undefined, "Patient/ex-patient", "List/ex-list", "", "2020-04-29T09:49:00.000Z"],
    ["ihe-balp/AuditEvent/AuditEvent-ex-auditBasicCreateNoUser.json", "create", "done", "machine", undefined, "Patient/ex-patient", "List/ex-list", "", "2020-04-29T09:49:00.000Z"],
    ["ihe-balp/AuditEvent/AuditEvent-ex-auditBasicQueryPost.json", "search", "done", "human", undefined, "Patient/ex-patient", "", "Observation", "2020-04-29T09:49:00.000Z"],
    ["ihe-balp/AuditEvent/AuditEvent-ex-auditAuthZconsent-deny.json", "other", "failed", "human", "Practitioner/ex-practitioner", "Patient/ex-patient", "Consent/ex-consent", "", "2021-12-27T09:49:00.000Z"],
    ["ihe-balp/AuditEvent/AuditEvent-ex-auditBasicReadOServer.json", "read", "done", "human", "http://localhost:5100|35fb1058-7f36-415b-b862-677a37c95f35", "Patient/ex-patient", "List/ex-list", "", "2020-04-29T09:49:00.000Z"],
    ["ihe-balp/AuditEvent/AuditEvent-ex-auditPrivacyDisclosure-source.json", "read", "done", "patient", "Patient/ex-patient", "Patient/ex-patient", "DocumentReference/ex-documentreference", "", "2020-04-29T09:49:00.000Z"],
    ["gematik-erezept/AuditEvent/AuditEvent-9361863d-fec0-4ba9-8776-7905cf1b0cfa.json", "create", "done", "human", "https://gematik.de/fhir/sid/telematik-id|1-SMC-B-Testkarte-883110000095957", "http://fhir.de/sid/gkv/kvid-10|X234567890", "Task/160.123.456.789.123.58", "", "2026-07-01T15:29:00.434Z"],
    ["hl7-r4-examples/AuditEvent/AuditEvent-example-rest.json", "read", "done", "human", "altId|601847123", "Patient/example", "", "", "2013-06-20T23:42:24.000Z"],
    ["hl7-r4-examples/AuditEvent/AuditEvent-example-disclosure.json", "read", "done", "human", "Practitioner/example", "Patient/example", "", "", "2013-09-22T00:08:00.000Z"],
    ["hl7-r4-examples/AuditEvent/AuditEvent-example.json", "other", "done", "human", undefined, undefined, "", "", "2012-10-25T11:04:27.000Z"],
    ["hl7-r5-examples/AuditEvent/auditevent-example-breakglass-start.json", "other", "done", "human", "Practitioner/f001", "Patient/example", "", "", "2013-09-22T00:08:00.000Z"],
    ["hl7-r5-examples/AuditEvent/auditevent-example-error.json", "create", "failed", "human", undefined, undefined, "", "", "2017-09-07T23:42:24.000Z"],
    ["hl7-stu3-examples/AuditEvent/AuditEvent-example-search.json", "search", "done", "human", "altId|601847123", undefined, "", "Encounter", "2015-08-22T23:42:24.000Z"],
    ["medplum-mock/AuditEvent/ExampleAuditEvent.json", "other", "done", "human", "Practitioner/124", undefined, "", "", "2026-11-22T07:13:26.257Z"],
  ])("%s", (path, ...expected) => {
    expect(say(factsIn(path, "AuditEvent"))).toEqual(expected);
  });
});

describe("what named Tasks and reports say", () => {
  const say = ({ status, patient, owner, due, review }: TaskFacts) => [status, patient?.key, owner?.kind, owner?.ref?.key, due?.precision, review];

  TASKS

  REPORTS
});
