import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { FhirServer } from "../../src/fhir-server/start-fhir-server.ts";
import { ask, fixtureSite, lines, serveFolder, serverTime, task } from "./serve-folder.ts";

async function raw(server: FhirServer, method: string, path: string, headers = {}): Promise<{ answer: IncomingMessage; body: Buffer }> {
  const asked = request(`${server.url}/${path}`, { method, headers }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of answer as AsyncIterable<Buffer>) pieces.push(piece);
  return { answer, body: Buffer.concat(pieces) };
}

test("answers are packed on the wire for those who can unpack them", async () => {
  const server = await serveFolder(fixtureSite("south"));
  const plain = await raw(server, "GET", "Patient");
  const packed = await raw(server, "GET", "Patient", { "Accept-Encoding": "gzip" });
  expect([plain.answer.headers["content-encoding"], packed.answer.headers["content-encoding"]]).toEqual([undefined, "gzip"]);
  expect(gunzipSync(packed.body).toString()).toBe(plain.body.toString());
  expect(packed.body.length).toBeLessThan(plain.body.length / 3);
  expect(plain.answer.headers).toMatchObject({ "content-type": "application/fhir+json; charset=utf-8" });
  expect(plain.answer.headers).not.toHaveProperty("x-powered-by");
});

test("every answer tells the time by the clock that the server was given, failures too", async () => {
  const server = await serveFolder({ "a.ndjson": lines(task("a", "2026-03-01T10:00:00Z")) });
  for (const path of ["metadata", "Task", "Task/nobody", "Task?unknown=1", ""]) {
    expect((await raw(server, "GET", path)).answer.headers.date).toBe(new Date(serverTime).toUTCString());
  }
});

test("only this machine is served", async () => {
  const server = await serveFolder({ "a.ndjson": lines(task("a", "2026-03-01T10:00:00Z")) });
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/fhir$/);
  const elsewhere = await fetch(server.url.replace("127.0.0.1", "127.0.0.2")).catch((error: unknown) => error);
  expect(elsewhere).toBeInstanceOf(TypeError);
});

test("a client's Host header does not get into links", async () => {
  const server = await serveFolder({ "a.ndjson": lines(task("a", "2026-03-01T10:00:00Z"), task("b", "2026-03-01T10:00:00Z")) });
  const { body } = await raw(server, "GET", "Task?_count=1", { Host: "elsewhere.example" });
  expect(body.toString()).not.toContain("elsewhere");
});

test("nothing can be written", async () => {
  const server = await serveFolder({ "a.ndjson": lines(task("a", "2026-03-01T10:00:00Z")) });
  for (const [method, path] of Object.entries({ PUT: "Task/a", POST: "Task", DELETE: "Task/a", PATCH: "Task/a" })) {
    const { answer, body } = await raw(server, method, path);
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, "GET, HEAD"]);
    expect(JSON.parse(body.toString())).toEqual({
      resourceType: "OperationOutcome",
      issue: [{ severity: "error", code: "not-supported", diagnostics: "This server is read-only." }],
    });
  }
  expect((await ask(server, "Task/a")).status).toBe(200);
});

test.each([
  ["Patient/a", 404, "not-found"],
  ["Task/nobody", 404, "not-found"],
  ["Task/nobody/_history", 404, "not-found"],
  ["Task/a/_history/2", 404, "not-found"],
  ["", 404, "not-found"],
  ["Task/a/b/c", 404, "not-found"],
  ["../elsewhere", 404, "not-found"],
  ["?_page=3f0f9f0e-0000-4000-8000-000000000000", 410, "expired"],
  ["Task/%E0%A4%A", 400, "invalid"],
])("GET %s is %i with an OperationOutcome", async (path, status, code) => {
  const server = await serveFolder({ "a.ndjson": lines(task("a", "2026-03-01T10:00:00Z")) });
  expect(await ask(server, path)).toMatchObject({ status, resourceType: "OperationOutcome", issue: [{ severity: "error", code }] });
});

test("of a defect a client learns that it happened, and its server everything", async () => {
  const heard: unknown[] = [];
  const times = [serverTime];
  const defect = new Error("what only the server may know");
  const clock = (): number => {
    const time = times.pop();
    if (time === undefined) throw defect;
    return time;
  };
  const server = await serveFolder(
    { "a.ndjson": lines(task("a", "2026-03-01T10:00:00Z")) },
    { clock, onDefect: (error) => heard.push(error) },
  );
  const { answer, body } = await raw(server, "GET", "Task");
  expect(answer.statusCode).toBe(500);
  expect(JSON.parse(body.toString())).toEqual({
    resourceType: "OperationOutcome",
    issue: [{ severity: "error", code: "exception", diagnostics: "The server failed at this request." }],
  });
  expect(heard).toEqual([defect]);
});

test("a closed server has let its port go, though a client kept its connection", async () => {
  const files = { "a.ndjson": lines(task("a", "2026-03-01T10:00:00Z")) };
  const first = await serveFolder(files);
  await ask(first, "Task");
  await first.close();
  const again = await serveFolder(files, { port: Number(new URL(first.url).port) });
  expect(again.url).toBe(first.url);
  await expect(serveFolder(files, { port: Number(new URL(first.url).port) })).rejects.toThrow("EADDRINUSE");
});

test("a server can be closed while a request is still coming in", async () => {
  const server = await serveFolder({ "a.ndjson": lines(task("a", "2026-03-01T10:00:00Z")) });
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.on("error", () => socket.destroy());
  await once(socket, "connect");
  socket.write("GET /fhir/Task HTTP/1.1\r\n");
  // By the time that this is answered, the server has seen the other.
  await ask(server, "Task");
  await server.close();
  socket.destroy();
});

test("the CapabilityStatement names the types held and those that coverage.json names, and what can be asked of them", async () => {
  const server = await serveFolder(
    { "a.ndjson": lines(task("a", "2026-03-01T10:00:00Z")), "coverage.json": '{"AuditEvent":[]}' },
    { fhirVersion: "5.0.0", bulk: false },
  );
  const response = await fetch(`${server.url}/metadata`);
  const resource = (type: string, times: string[]): object => ({
    type,
    interaction: ["read", "vread", "search-type", "history-instance", "history-type"].map((code) => ({ code })),
    versioning: "versioned",
    readHistory: true,
    searchParam: [{ name: "_id", type: "token" }, ...times.map((name) => ({ name, type: "date" }))],
  });
  expect(await response.json()).toEqual({
    resourceType: "CapabilityStatement",
    status: "active",
    date: "2026-03-16T09:00:00.000Z",
    kind: "instance",
    software: { name: "Followthrough's small FHIR server" },
    implementation: { description: "Read-only, over a folder of FHIR files", url: server.url },
    fhirVersion: "5.0.0",
    format: ["application/fhir+json"],
    rest: [
      {
        mode: "server",
        resource: [
          resource("AuditEvent", ["_lastUpdated", "date"]),
          resource("Task", ["_lastUpdated", "authored-on", "modified", "period"]),
        ],
      },
    ],
  });
});
