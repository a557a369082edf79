import { expect, test } from "vitest";
import type { FhirVersion } from "../../src/domain/fhir-version.ts";
import { readCapability } from "../../src/fhir/capability.ts";
import { openOdd, startOddServer, type Answer, type Answering } from "./odd-server.ts";

async function read(answering: Answer | Answering, expected?: FhirVersion): Promise<unknown> {
  const { origin } = await startOddServer(typeof answering === "function" ? answering : () => answering);
  try {
    const { fhirVersion, types } = await readCapability(
      openOdd(`${origin}/secret-path/fhir`, { waitsMs: [], timeoutMs: 500 }).server,
      "epr",
      expected,
    );
    return { fhirVersion, types: Object.fromEntries(types) };
  } catch (error) {
    const { code, message, fix } = error as { code: string; message: string; fix: string };
    return { code, message: message.replace(origin, "ORIGIN"), fix };
  }
}

const statement = (rest: object, fhirVersion = "4.0.1"): Answer => ({ body: { resourceType: "CapabilityStatement", fhirVersion, rest } });
const can = (...codes: string[]): object => ({ interaction: codes.map((code) => ({ code })) });

test("a server is taken to search and to keep what it says, and where it says nothing, to search", async () => {
  const resource = [
    { type: "Task", ...can("read", "search-type", "history-type", "history-instance") },
    { type: "AuditEvent", ...can("search-type") },
    { type: "Patient" },
    { type: "Binary", ...can("read") },
    {},
  ];
  expect(await read(statement([{ mode: "server", resource }]))).toEqual({
    fhirVersion: "4.0.1",
    types: {
      Task: { historyOfType: true, historyOfRecord: true },
      AuditEvent: { historyOfType: false, historyOfRecord: false },
      Patient: { historyOfType: false, historyOfRecord: false },
    },
  });
  expect(await read(statement({}))).toEqual({ fhirVersion: "4.0.1", types: {} });
});

const baseUrl = "Give the base URL of a FHIR server, the part before /metadata, such as https://fhir.example/R4.";
const ofSource = 'The FHIR server of source "epr" at ORIGIN';

test.each<[what: string, answer: Answer, told: { code: string; message: string; fix?: string }]>([
  [
    "DSTU2 by its statement",
    { body: { resourceType: "Conformance" } },
    {
      code: "source-version-unsupported",
      message: "What answers at ORIGIN speaks FHIR DSTU2, which is not read: STU3, R4, R4B and R5 are.",
    },
  ],
  [
    "DSTU2 by its number",
    statement([], "1.0.2"),
    { code: "source-version-unsupported", message: "The server at ORIGIN speaks FHIR 1.0.2, which is not read: STU3, R4, R4B and R5 are." },
  ],
  [
    "another resource",
    { body: { resourceType: "Patient" } },
    { code: "source-not-fhir", message: "What answers at ORIGIN is no FHIR server.", fix: baseUrl },
  ],
  [
    "a web page",
    { body: "<!doctype html>" },
    { code: "source-not-fhir", message: `${ofSource} answered with a web page (HTML) instead of FHIR in JSON.`, fix: baseUrl },
  ],
  ["404", { status: 404, body: "no" }, { code: "source-not-fhir", message: `${ofSource} answered HTTP 404.`, fix: baseUrl }],
  ["401", { status: 401 }, { code: "source-unauthorised", message: `${ofSource} wants to know who asks (HTTP 401).` }],
  ["403", { status: 403 }, { code: "source-unauthorised", message: `${ofSource} answered HTTP 403.` }],
  [
    "a redirect",
    { status: 301, headers: { Location: "https://elsewhere.example/?token=secret" } },
    { code: "source-elsewhere", message: `${ofSource} sends us elsewhere (HTTP 301).` },
  ],
  ["500", { status: 500 }, { code: "source-failed", message: `${ofSource} answered HTTP 500.` }],
])("%s is told before anything is read, with what to do", async (_, answer, told) => {
  const found = await read(answer);
  expect(found).toMatchObject(told);
  expect((found as { fix: string }).fix).toMatch(/\.$/);
  expect(JSON.stringify(found)).not.toContain("secret");
});

test.each<[says: string, expected: FhirVersion | undefined, told: string | undefined]>([
  ["4.0.1", "R4", undefined],
  ["4.3.0", "R4B", undefined],
  ["5.0.0", "R5", undefined],
  ["3.0.2", "STU3", undefined],
  ["4.0.1", "R4B", 'speaks FHIR R4 (4.0.1), and source "epr" is said to be R4B.'],
  ["4.3.0", "R4", 'speaks FHIR R4B (4.3.0), and source "epr" is said to be R4.'],
  ["3.0.2", "R5", 'speaks FHIR STU3 (3.0.2), and source "epr" is said to be R5.'],
  ["1.0.2", "R4", "speaks FHIR 1.0.2, which is not read: STU3, R4, R4B and R5 are."],
  ["6.0.0-ballot3", undefined, "speaks a version of FHIR that is not known here: STU3, R4, R4B and R5 are."],
  ["6.0.0-ballot3", "R5", undefined],
  ["", undefined, undefined],
])("a server that says %s where the source is said to be %s", async (says, expected, told) => {
  const found = await read(statement([], says), expected);
  expect(found).toMatchObject(told === undefined ? { fhirVersion: says } : { message: `The server at ORIGIN ${told}` });
});

test("a server that was slow to wake is asked once more what it is; one that stays slow is told", async () => {
  const slowOnce: Answering = ({ number }) => (number === 0 ? undefined : statement([]));
  expect(await read(slowOnce)).toMatchObject({ fhirVersion: "4.0.1" });
  expect(await read(() => undefined)).toMatchObject({ code: "source-unreachable" });
});
