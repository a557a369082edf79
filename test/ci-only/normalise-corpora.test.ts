import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AuditEventFacts, Facts } from "../../src/domain/facts.ts";
import { defaultJoiningSystems } from "../../src/domain/joining-systems.ts";
import { getDefaultMapping } from "../../src/normalise/read-mapping.ts";
import { normalise } from "../../src/normalise/normalise.ts";
import type { OfType } from "../../src/domain/facts.ts";
import type { Normalised } from "../../src/normalise/normalise.ts";

/** 907 files of public repositories: not ours to copy, so they stand beside the project and only CI has them. */
const folder = process.env["CORPORA"] ?? join(import.meta.dirname, "../../../shared/corpora");
const context = {
  timeZone: "Europe/London",
  foreignBases: [],
  machineNames: [],
  joiningSystems: defaultJoiningSystems,
  mapping: getDefaultMapping(),
};

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

/** A resource, with those of a Bundle; none where the text is no JSON. */
function parseAll(text: string): unknown[] {
  try {
    return unfold(JSON.parse(text));
  } catch {
    return [];
  }
}

function unfold(value: unknown): unknown[] {
  const bundle = value as { resourceType?: unknown; entry?: unknown } | null;
  const entries =
    bundle?.resourceType === "Bundle" && Array.isArray(bundle.entry) ? (bundle.entry as ({ resource?: unknown } | null)[]) : [];
  return [value, ...entries.flatMap((entry) => (entry?.resource ? unfold(entry.resource) : []))];
}

function factsIn<T extends Facts["type"]>(path: string, type: T): OfType<T> {
  const found = examples.find(
    (example) => example.path.includes(path) && example.result.kind === "facts" && example.result.facts.type === type,
  );
  if (found?.result.kind !== "facts") throw new Error(`no ${type} in ${path}`);
  return found.result.facts as OfType<T>;
}

describe("the public examples", () => {
  test("are all read, refused with a reason or skipped", () => {
    const counts = Object.groupBy(examples, ({ result }) => (result.kind === "refused" ? `refused ${result.code}` : result.kind));
    expect(Object.fromEntries(Object.entries(counts).map(([outcome, all]) => [outcome, all.length]))).toEqual({
      facts: 1422,
      skipped: 514,
      "refused no-id": 84,
      "refused no-time": 42,
      "refused not-fhir": 2,
    });
  });

  test("those that nothing places are Tasks, orders and acts without any time, never an AuditEvent", () => {
    const types = examples.flatMap(({ result }) => (result.kind === "refused" && result.code === "no-time" ? [result.type] : []));
    expect([...new Set(types)].toSorted()).toEqual([
      "Appointment",
      "Communication",
      "DiagnosticReport",
      "MedicationRequest",
      "Procedure",
      "ServiceRequest",
      "Task",
    ]);
  });

  test("no reason quotes an id", () => {
    const quoting = examples.filter(
      ({ result }) => result.kind === "refused" && result.key !== undefined && result.reason.includes(result.key.split("/")[1] ?? "?"),
    );
    expect(quoting.map(({ path }) => basename(path))).toEqual([]);
  });
});

const or = (text: string | undefined) => (text === undefined || text === "" ? "-" : text);

describe("who did what to whom in named examples", () => {
  function say({ operation, success, actor, patient, entities, searched, at }: AuditEventFacts): string {
    const about = or([...entities.map(({ key }) => key), ...searched].join(" "));
    const when = at === undefined ? "-" : new Date(at.at).toISOString();
    return `${success ? "" : "failed "}${operation} by ${actor.kind} ${or(actor.ref?.key)} of ${or(patient?.key)}: ${about} at ${when}`;
  }

  test.each([
    [
      "ihe-balp/AuditEvent/AuditEvent-ex-auditBasicReadServer.json",
      "read by human - of Patient/ex-patient: List/ex-list at 2020-04-29T09:49:00.000Z",
    ],
    [
      "ihe-balp/AuditEvent/AuditEvent-ex-auditBasicCreateNoUser.json",
      "create by machine - of Patient/ex-patient: List/ex-list at 2020-04-29T09:49:00.000Z",
    ],
    [
      "ihe-balp/AuditEvent/AuditEvent-ex-auditBasicQueryPost.json",
      "search by human - of Patient/ex-patient: Observation at 2020-04-29T09:49:00.000Z",
    ],
    [
      "ihe-balp/AuditEvent/AuditEvent-ex-auditAuthZconsent-deny.json",
      "failed other by human Practitioner/ex-practitioner of Patient/ex-patient: Consent/ex-consent at 2021-12-27T09:49:00.000Z",
    ],
    [
      "ihe-balp/AuditEvent/AuditEvent-ex-auditBasicReadOServer.json",
      "read by human http://localhost:5100|35fb1058-7f36-415b-b862-677a37c95f35 of Patient/ex-patient: List/ex-list at 2020-04-29T09:49:00.000Z",
    ],
    [
      "ihe-balp/AuditEvent/AuditEvent-ex-auditPrivacyDisclosure-source.json",
      "read by patient Patient/ex-patient of Patient/ex-patient: DocumentReference/ex-documentreference at 2020-04-29T09:49:00.000Z",
    ],
    [
      "gematik-erezept/AuditEvent/AuditEvent-9361863d-fec0-4ba9-8776-7905cf1b0cfa.json",
      "create by human https://gematik.de/fhir/sid/telematik-id|1-SMC-B-Testkarte-883110000095957 of http://fhir.de/sid/gkv/kvid-10|X234567890: Task/160.123.456.789.123.58 at 2026-07-01T15:29:00.434Z",
    ],
    [
      "hl7-r4-examples/AuditEvent/AuditEvent-example-rest.json",
      "read by human altId|601847123 of Patient/example: - at 2013-06-20T23:42:24.000Z",
    ],
    [
      "hl7-r4-examples/AuditEvent/AuditEvent-example-disclosure.json",
      "read by human Practitioner/example of Patient/example: - at 2013-09-22T00:08:00.000Z",
    ],
    ["hl7-r4-examples/AuditEvent/AuditEvent-example.json", "other by human - of -: - at 2012-10-25T11:04:27.000Z"],
    [
      "hl7-r5-examples/AuditEvent/auditevent-example-breakglass-start.json",
      "other by human Practitioner/f001 of Patient/example: - at 2013-09-22T00:08:00.000Z",
    ],
    ["hl7-r5-examples/AuditEvent/auditevent-example-error.json", "failed create by human - of -: - at 2017-09-07T23:42:24.000Z"],
    [
      "hl7-stu3-examples/AuditEvent/AuditEvent-example-search.json",
      "search by human altId|601847123 of -: Encounter at 2015-08-22T23:42:24.000Z",
    ],
    ["medplum-mock/AuditEvent/ExampleAuditEvent.json", "other by human Practitioner/124 of -: - at 2026-11-22T07:13:26.257Z"],
  ])("%s", (path, expected) => {
    expect(say(factsIn(path, "AuditEvent"))).toBe(expected);
  });
});

describe("what named Tasks and reports say", () => {
  test.each([
    [
      "davinci-cdex/Task/cdex-task-example1.json",
      "requested, for http://example.org/cdex/payer/member-ids|Member123, owned by human http://hl7.org/fhir/sid/us-npi|9941339108, due -, other",
    ],
    [
      "davinci-cdex/Task/cdex-task-example19.json",
      "requested, for Task/cdex-task-example19#patient, owned by human Task/cdex-task-example19#practitionerrole, due day, other",
    ],
    [
      "hl7-r4-examples/Task/Task-example1.json",
      "in-progress, for Patient/example, owned by team Organization/1832473e-2fe0-452d-abe9-3cdb9879522f, due instant, other",
    ],
    [
      "gematik-erezept/Task/Task-f5c21409-b84b-4125-8649-5630a00906b1.json",
      "in-progress, for http://fhir.de/sid/gkv/kvid-10|X123456789, owned by - -, due -, absent",
    ],
  ])("%s", (path, expected) => {
    const { status, patient, owner, due, review } = factsIn(path, "Task");
    expect(
      `${status}, for ${or(patient?.key)}, owned by ${or(owner?.kind)} ${or(owner?.ref?.key)}, due ${or(due?.precision)}, ${review}`,
    ).toBe(expected);
  });

  test.each([
    ["cumulus-etl/_ndjson/DiagnosticReport.ndjson", "result imaging of Patient/example with 0"],
    ["hl7-r4-examples/Bundle/Bundle-f001.json", "result laboratory of Patient/f001 with 5"],
    ["hl7-r4-examples/DiagnosticReport/DiagnosticReport-102.json", "unsaid - of Patient/pat2 with 1"],
    ["hl7-stu3-examples/DiagnosticReport/DiagnosticReport-dg2.json", "result laboratory of Patient/example with 2"],
  ])("%s", (path, expected) => {
    const { nature, kind, patient, results } = factsIn(path, "DiagnosticReport");
    expect(`${nature} ${or(kind)} of ${or(patient?.key)} with ${String(results.length)}`).toBe(expected);
  });
});
