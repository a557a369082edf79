import { createServer } from "node:net";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { FhirFailure } from "../../src/fhir/fhir-failure.ts";
import { searchIds } from "../../src/fhir/search.ts";
import { bundle, clientClock, match, openOdd, startOddServer, type Answer, type Answering } from "./odd-server.ts";

const found = { body: bundle({ entry: [match({ resourceType: "Patient", id: "p" })] }) };
const outcome = (code: string): object => ({
  resourceType: "OperationOutcome",
  issue: [{ severity: "error", code, diagnostics: "Mrs Marker" }],
});

interface Outcome {
  readonly failure: Pick<FhirFailure, "kind" | "status" | "reason"> | undefined;
  readonly questions: number;
  readonly sleptMs: readonly number[];
}

/** What a search comes to at a server that answers like this. */
async function search(answering: Answering, patience = {}): Promise<Outcome> {
  const { origin, asked } = await startOddServer(answering);
  const { server, sleptMs } = openOdd(`${origin}/fhir`, patience);
  const failure = await fail(async () => {
    for await (const _ of searchIds(server, "Patient", ["p"]));
  });
  return { failure: failure && { kind: failure.kind, status: failure.status, reason: failure.reason }, questions: asked.length, sleptMs };
}

async function fail(work: () => Promise<unknown>): Promise<FhirFailure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof FhirFailure) return error;
    throw error;
  }
}

test.each<[what: string, answer: Answer, failure: Partial<FhirFailure>]>([
  [
    "a web page",
    { headers: { "Content-Type": "text/html" }, body: "<!DOCTYPE html><html><body>Mrs Marker, please sign in" },
    { kind: "not-fhir", reason: "answered with a web page (HTML) instead of FHIR in JSON" },
  ],
  ["XML", { body: '<Bundle xmlns="http://hl7.org/fhir"/>' }, { kind: "not-fhir", reason: "answered with XML instead of FHIR in JSON" }],
  [
    "JSON cut short",
    { body: '{"resourceType":"Bundle","entry":[{"resource":{"id":"Mrs Ma' },
    { kind: "not-fhir", reason: "answered with JSON that is cut short instead of FHIR in JSON" },
  ],
  ["text", { body: "Mrs Marker" }, { kind: "not-fhir", reason: "answered with text instead of FHIR in JSON" }],
  ["nothing", {}, { kind: "not-fhir", reason: "answered with JSON that is no FHIR resource" }],
  ["null", { body: "null" }, { kind: "not-fhir", reason: "answered with JSON that is no FHIR resource" }],
  ["a number", { body: "7" }, { kind: "not-fhir", reason: "answered with JSON that is no FHIR resource" }],
  ["a list", { body: "[]" }, { kind: "not-fhir", reason: "answered with JSON that is no FHIR resource" }],
  ["JSON of another kind", { body: { error: "Mrs Marker" } }, { kind: "not-fhir", reason: "answered with JSON that is no FHIR resource" }],
  [
    "an OperationOutcome where a Bundle belongs",
    { body: outcome("exception") },
    { kind: "not-fhir", reason: "answered with something else than a Bundle" },
  ],
  [
    "400 with reasons",
    { status: 400, body: outcome("not-supported") },
    { kind: "status", status: 400, reason: "answered HTTP 400 (not-supported)" },
  ],
  [
    "400 with a reason of its own making",
    { status: 400, body: outcome("Mrs Marker") },
    { kind: "status", status: 400, reason: "answered HTTP 400" },
  ],
  ["401", { status: 401, body: outcome("login") }, { kind: "refused", status: 401, reason: "wants to know who asks (HTTP 401)" }],
  ["403 of a proxy", { status: 403, body: "<html>Mrs Marker" }, { kind: "status", status: 403, reason: "answered HTTP 403" }],
  ["410", { status: 410, body: outcome("expired") }, { kind: "status", status: 410, reason: "answered HTTP 410 (expired)" }],
  ["500", { status: 500, body: outcome("exception") }, { kind: "status", status: 500, reason: "answered HTTP 500 (exception)" }],
])("%s is told as what it is, at once, and nothing of it is quoted", async (_, answer, failure) => {
  expect(await search(() => answer)).toEqual({
    failure: {
      status: undefined,
      ...(answer.status === undefined && failure.kind === "not-fhir" && isText(answer) ? { status: 200 } : {}),
      ...failure,
    },
    questions: 1,
    sleptMs: [],
  });
});

/** What is no JSON the client gives up with its status. */
function isText({ body }: Answer): boolean {
  return typeof body === "string" && !/^(null|7|\[\])$/.test(body);
}

test("a redirect is refused, and the token goes nowhere else", async () => {
  const other = await startOddServer(() => found);
  const { origin } = await startOddServer(() => ({ status: 302, headers: { Location: `${other.origin}/fhir/Patient` } }));
  const failure = await fail(() =>
    openOdd(`${origin}/fhir`, {}, { credentials: { kind: "bearer", token: "secret" } }).server.get("Patient"),
  );
  expect(failure).toMatchObject({ kind: "refused", status: 302, reason: "sends us elsewhere (HTTP 302)" });
  expect(other.asked).toEqual([]);
});

const inTenSeconds = new Date(clientClock + 10_000).toUTCString();
test.each<[what: string, answer: Answer, waits: readonly number[]]>([
  ["429", { status: 429 }, [500, 1_000, 2_000]],
  ["503 of a proxy", { status: 503, body: "<html>" }, [500, 1_000, 2_000]],
  ["504", { status: 504, body: outcome("timeout") }, [500, 1_000, 2_000]],
  ["429 that asks for seven seconds", { status: 429, headers: { "Retry-After": "7" } }, [7_000, 7_000, 7_000]],
  ["503 that asks to come back at a time", { status: 503, headers: { "Retry-After": inTenSeconds } }, [10_000, 10_000, 10_000]],
  [
    "503 that asks for a time that is past",
    { status: 503, headers: { "Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT" } },
    [500, 1_000, 2_000],
  ],
  ["503 that asks for nonsense", { status: 503, headers: { "Retry-After": "soon" } }, [500, 1_000, 2_000]],
])("%s is asked again, as late as the server wants it", async (_, answer, waits) => {
  const { failure, questions, sleptMs } = await search(() => answer);
  expect({ kind: failure?.kind, status: failure?.status, questions }).toEqual({ kind: "status", status: answer.status, questions: 4 });
  expect(sleptMs).toEqual(waits);
  expect(await search(({ number }) => (number < 2 ? answer : found))).toMatchObject({ failure: undefined, questions: 3 });
});

test("a server that wants to be left alone for an hour is left alone", async () => {
  const hour = { status: 503, headers: { "Retry-After": "3600" } };
  expect(await search(() => hour)).toMatchObject({ failure: { kind: "status", status: 503 }, questions: 1, sleptMs: [] });
});

const reset = (res: ServerResponse): undefined => void res.destroy();
/** Half of what was announced, and then nothing more. */
const half = (res: ServerResponse, ends: boolean): undefined => {
  res.writeHead(200, { "Content-Type": "application/fhir+json", "Content-Length": "1000" });
  res.write('{"resourceType":"Bundle"', () => (ends ? res.destroy() : undefined));
  return undefined;
};
const halfZipped = (res: ServerResponse): undefined => {
  const zipped = gzipSync(JSON.stringify({ ...found.body, text: "Mrs Marker".repeat(1_000) }));
  res.writeHead(200, { "Content-Type": "application/fhir+json", "Content-Encoding": "gzip" });
  res.end(zipped.subarray(0, zipped.length - 20));
  return undefined;
};

test.each<[what: string, disturb: (res: ServerResponse) => undefined]>([
  ["is reset", reset],
  ["breaks in the middle of an answer", (res) => half(res, true)],
])("a connection that %s is made again, and then told as broken", async (_, disturb) => {
  const { failure, questions } = await search((__, res) => disturb(res));
  expect({ kind: failure?.kind, questions }).toEqual({ kind: "broken", questions: 4 });
  expect(failure?.reason).toMatch(/^broke off its answer \([\w ]+\)$/);
  expect(await search(({ number }, res) => (number < 1 ? disturb(res) : found))).toMatchObject({ failure: undefined, questions: 2 });
});

test("gzip cut short is told as what comes of it: JSON cut short", async () => {
  const { failure } = await search((_, res) => halfZipped(res));
  expect(failure).toMatchObject({ kind: "not-fhir", reason: "answered with JSON that is cut short instead of FHIR in JSON" });
});

test.each<[what: string, hang: Answering, reason: string]>([
  ["headers", () => undefined, "did not answer within 0 seconds"],
  ["body", (_, res) => half(res, false), "stopped in the middle of its answer for 0 seconds"],
])("whose %s do not come in time is told as slow, and not asked the same again", async (_, hang, reason) => {
  const { failure, questions } = await search(hang, { timeoutMs: 150, bodyMs: 150 });
  expect({ failure, questions }).toEqual({ failure: { kind: "slow", status: undefined, reason }, questions: 1 });
});

test("a port where nobody listens, and a name that nobody has, is told as unreachable", async () => {
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const { port } = gone.address() as AddressInfo;
  gone.close();
  expect(await fail(() => openOdd(`http://127.0.0.1:${port}/fhir`).server.get("metadata"))).toMatchObject({
    kind: "unreachable",
    reason: "could not be reached (ECONNREFUSED)",
  });
  expect(await fail(() => openOdd("http://nowhere.invalid/fhir", { waitsMs: [] }).server.get("metadata"))).toMatchObject({
    kind: "unreachable",
    reason: expect.stringMatching(/^could not be reached \((ENOTFOUND|EAI_AGAIN)\)$/) as string,
  });
});

test("what answers in another protocol is told without its words", async () => {
  const odd = createServer((socket) => socket.end("220 Mrs Marker ESMTP\r\n")).listen(0, "127.0.0.1");
  onTestFinished(() => void odd.close());
  await once(odd, "listening");
  const failure = await fail(() => openOdd(`http://127.0.0.1:${(odd.address() as AddressInfo).port}/fhir`).server.get("metadata"));
  expect(failure?.kind).toBe("broken");
  expect(failure?.reason).not.toContain("Marker");
});

test("a Date that is missing or is none is no clock", async () => {
  const { origin } = await startOddServer(({ number }, res) => {
    res.sendDate = number === 2;
    return { body: bundle({}), ...(number === 1 && { headers: { Date: "yesterday" } }) };
  });
  const { server } = openOdd(`${origin}/fhir`);
  const dates = [];
  for (let number = 0; number < 3; number++) dates.push((await server.get("Patient")).date);
  expect(dates).toEqual([undefined, undefined, expect.any(Number)]);
});

test("nothing that a server says of a patient is in the text of any failure, nor what was searched for", async () => {
  const marker = "Hollis-Vera-9990001234";
  let answer: Answer = {};
  const { origin } = await startOddServer(() => answer);
  const { server } = openOdd(`${origin}/fhir`, { waitsMs: [] });
  const anywhere = fc.constantFrom<(text: string) => Answer>(
    (text) => ({ body: text }),
    (text) => ({ body: `<html>${text}` }),
    (text) => ({ body: `{"resourceType":"Bundle","id":"${text}"` }),
    (text) => ({ body: { resourceType: text, id: text } }),
    (text) => ({ body: { resourceType: "OperationOutcome", issue: [{ code: text, diagnostics: text, details: { text } }] } }),
    (text) => ({ body: { resourceType: "OperationOutcome", issue: [{ code: "invalid", diagnostics: text }] } }),
    (text) => ({ body: bundle({ next: `/elsewhere/${text}` }) }),
    (text) => ({ body: bundle({ total: 9, entry: [match({ resourceType: "Patient", id: text })] }) }),
    (text) => ({ headers: { "X-Note": text, "Retry-After": text, "Content-Type": text }, body: text }),
  );
  await fc.assert(
    fc.asyncProperty(anywhere, fc.constantFrom(200, 302, 400, 401, 403, 404, 410, 422, 429, 500, 503), async (make, status) => {
      answer = { ...make(marker), status };
      const failure = await fail(async () => {
        for await (const _ of searchIds(server, "Patient", [marker]));
      });
      const told = [failure?.message, failure?.reason, failure?.stack, JSON.stringify(failure), String(failure?.cause)].join("\n");
      expect(told).not.toContain(marker);
      return failure !== undefined;
    }),
    { numRuns: 200 },
  );
});
