import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { ServerAccess } from "../../src/config/server-access.ts";
import { askAfter, kickOff } from "../../src/fhir/bulk-export.ts";
import { readBulkFile } from "../../src/fhir/bulk-file.ts";
import { pinToServer, placeFile } from "../../src/fhir/bulk-link.ts";
import { openBulkRequests, type AskBulk } from "../../src/fhir/bulk-requests.ts";
import { clientClock, startOddServer, type Answering, type OddServer } from "./odd-server.ts";

const access: ServerAccess = { credentials: { kind: "bearer", token: "our-token" } };
const order = { level: "system", types: ["Task", "AuditEvent"], since: Date.parse("2026-03-01T00:00:00Z") };

async function open(answering: Answering): Promise<{ ask: AskBulk; server: OddServer; base: string }> {
  const server = await startOddServer(answering);
  const base = `${server.origin}/fhir`;
  return { ask: openBulkRequests({ base, access, clock: () => clientClock, timeoutMs: 2_000 }), server, base };
}

async function readFile(ask: AskBulk, url: string, withToken: boolean): Promise<string[]> {
  const read: string[] = [];
  for await (const item of readBulkFile(ask, "file", { url, withToken }, () => {})) read.push(`${item.line} ${item.kind}`);
  return read;
}

test("an export is asked for as the specification has it, and its poll URL may name the inside of a proxy", async () => {
  const { ask, server, base } = await open(() => ({
    status: 202,
    headers: { "content-location": "http://inside:8080/fhir/$export-poll-status?_jobId=a%20b" },
  }));
  expect(await kickOff(ask, base, order)).toBe(`${base}/$export-poll-status?_jobId=a%20b`);
  const [{ path, query, headers }] = server.asked as [OddServer["asked"][0]];
  expect([path, Object.fromEntries(query)]).toEqual([
    "/fhir/$export",
    { _outputFormat: "application/fhir+ndjson", _since: "2026-03-01T00:00:00.000Z", _type: "Task,AuditEvent" },
  ]);
  expect(headers).toMatchObject({ prefer: "respond-async", accept: "application/fhir+json", authorization: "Bearer our-token" });
  await kickOff(ask, base, { level: "group/ward 7", types: [], since: -Infinity });
  await kickOff(ask, base, { level: "patient", types: [], since: -Infinity });
  expect(server.asked.slice(1).map((each) => `${each.path}?${each.query.toString()}`)).toEqual([
    "/fhir/Group/ward%207/$export?_outputFormat=application%2Ffhir%2Bndjson",
    "/fhir/Patient/$export?_outputFormat=application%2Ffhir%2Bndjson",
  ]);
});

test.each([
  ["no poll URL", {}, "does not say where to ask after it"],
  ["a poll URL elsewhere", { "content-location": "https://elsewhere.example/status/1" }, "at another address"],
])("%s is refused", async (_, headers, reason) => {
  const { ask, base } = await open(() => ({ status: 202, headers }));
  await expect(kickOff(ask, base, order)).rejects.toMatchObject({ reason: expect.stringContaining(reason) as string });
});

test("where a redirect leads nobody is told our token", async () => {
  const other = await startOddServer(() => ({ body: {} }));
  const { ask, base } = await open(() => ({ status: 307, headers: { location: `${other.origin}/fhir/file` } }));
  await expect(readFile(ask, `${base}/file`, true)).rejects.toMatchObject({ kind: "refused", reason: "sends us elsewhere (HTTP 307)" });
  expect(other.asked).toEqual([]);
  await expect(ask({ method: "GET", url: `${other.origin}/fhir/file`, accept: "*/*", withToken: true })).rejects.toThrow("another origin");
  expect(other.asked).toEqual([]);
});

test("a manifest of several pages is one; what is none is refused", async () => {
  const file = (type: string): object => ({ type, url: `/fhir/files/${type}`, count: 2 });
  const page = { transactionTime: "2026-03-16T08:00:00Z", requiresAccessToken: true, error: [] };
  const { ask, base } = await open(({ path }) => {
    if (path === "/fhir/none") return { body: { resourceType: "OperationOutcome" } };
    if (path === "/fhir/more") return { body: { ...page, output: [file("Task")], deleted: [{ url: "/fhir/deleted" }] } };
    return { body: { ...page, output: [file("Patient")], link: [{ relation: "next", url: "/fhir/more" }] } };
  });
  const status = await askAfter(ask, base, `${base}/status`, clientClock);
  expect(status).toMatchObject({
    manifest: {
      transactionAt: Date.parse("2026-03-16T08:00:00Z"),
      needsToken: true,
      output: [{ type: "Patient", count: 2 }, { type: "Task" }],
      deleted: [{ type: "", url: "/fhir/deleted" }],
    },
  });
  await expect(askAfter(ask, base, `${base}/none`, clientClock)).rejects.toMatchObject({ kind: "not-fhir" });
});

test.each([
  ["Build in progress - 42.5 % of Patient/123", 42.5],
  ["in-progress", undefined],
  ["300% of what", undefined],
])("of the progress %s a percentage is taken over, and nothing else", async (written, percent) => {
  const { ask, base } = await open(() => ({ status: 202, headers: { "x-progress": written, "retry-after": "120" } }));
  expect(await askAfter(ask, base, `${base}/status`, clientClock)).toEqual({ kind: "running", retryAfterMs: 120_000, percent });
});

const lines = '{"resourceType":"Task","id":"a"}\n{"resourceType":"Task","id":"b"}\n';

test.each([
  ["as it is", Buffer.from(lines), {}],
  ["packed on its way", gzipSync(lines), { "content-encoding": "gzip" }],
  ["kept packed", gzipSync(lines), { "content-type": "application/gzip" }],
  ["both", gzipSync(gzipSync(lines)), { "content-encoding": "gzip" }],
])("a file is read %s", async (_, bytes, headers) => {
  const { ask, base, server } = await open((_asked, res) => {
    res.writeHead(200, { "content-type": "application/fhir+ndjson", ...headers });
    // In pieces that end in the middle of lines, letters and headers.
    for (const byte of bytes) res.write(Buffer.from([byte]));
    res.end();
    return undefined;
  });
  expect(await readFile(ask, `${base}/file`, false)).toEqual(["1 resource", "2 resource"]);
  expect(server.asked[0]?.headers).not.toHaveProperty("authorization");
});

test.each([
  ["ends in the middle of a line", Buffer.from(lines.slice(0, 50)), "cut a file of its export short"],
  ["ends in the middle of its gzip", gzipSync(lines).subarray(0, 40), "cut a file of its export short"],
])("a file that %s is not taken for whole", async (_, bytes, reason) => {
  const { ask, base } = await open((_asked, res) => void res.writeHead(200, { "content-type": "application/fhir+ndjson" }).end(bytes));
  await expect(readFile(ask, `${base}/file`, true)).rejects.toMatchObject({ kind: "broken", reason });
});

test("a resource where a file belongs is refused", async () => {
  const { ask, base } = await open(() => ({ body: { resourceType: "Binary", data: "" } }));
  await expect(readFile(ask, `${base}/file`, true)).rejects.toMatchObject({ kind: "not-fhir" });
});

test.each([
  ["https://a.example/x/y?z=1", "https://a.example/x/y?z=1"],
  ["http://inside:8080/fhir/$export-poll-status?_jobId=1", "https://a.example/fhir/$export-poll-status?_jobId=1"],
  ["https://a.example:443:443/fhir/1", "https://a.example/fhir/1"],
  ["/fhir/file", "https://a.example/fhir/file"],
  ["https://b.example/other/1", undefined],
  ["file:///etc/passwd", undefined],
])("%s is asked for at %s", (link, expected) => {
  expect(pinToServer("https://a.example/fhir", link)).toBe(expected);
});

test("a file elsewhere is fetched without a token, where the server needs none and the configuration knows the host", () => {
  const [base, link] = ["https://a.example/fhir", "https://files.example/1?signature=s"];
  const hosts = ["https://files.example"];
  expect(placeFile(base, link, { needsToken: false, hosts })).toEqual({ url: link, withToken: false });
  expect(placeFile(base, `${base}/1`, { needsToken: false, hosts })).toEqual({ url: `${base}/1`, withToken: false });
  expect(placeFile(base, `${base}/1`, { needsToken: true, hosts })).toEqual({ url: `${base}/1`, withToken: true });
  const refused = { code: "bulk-file-elsewhere", message: expect.stringContaining("https://files.example") as string };
  expect(() => placeFile(base, link, { needsToken: true, hosts })).toThrow(expect.objectContaining(refused));
  expect(() => placeFile(base, link, { needsToken: false, hosts: [] })).toThrow(expect.objectContaining(refused));
  expect(() => placeFile(base, "http://files.example/1", { needsToken: false, hosts })).toThrow(
    expect.objectContaining({ code: "bulk-file-elsewhere" }),
  );
});
