import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scratchPlace, type ScratchPlace } from "../db/scratch-database.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { startOddServer, type Answer, type Asked } from "../fhir/odd-server.ts";
import { observation, report, task } from "../store/small-ward.ts";
import { startDisturbingProxy, type DisturbingProxy } from "../worker/disturbing-proxy.ts";
import { serveWard } from "../worker/served-ward.ts";
import { runHere } from "./command-line-here.ts";
import { environmentOf } from "./run-followthrough.ts";

let place: ScratchPlace;
let proxy: DisturbingProxy;
beforeAll(async () => {
  [place, proxy] = await Promise.all([scratchPlace(), startDisturbingProxy()]);
});
afterAll(async () => {
  await proxy.close();
  await place.remove();
});

const run = (...args: string[]) => runHere(environmentOf(place), ...args);
const noStack = expect.not.stringMatching(/\n\s+at |Error:|node:internal/) as string;
const marker = "Hollis-Vera";

test.each<[what: string, answer: (asked: Asked) => Answer, says: RegExp, fix: RegExp]>([
  [
    "wants a token",
    () => ({ status: 401, body: marker }),
    /wants to know who asks \(HTTP 401\)/,
    /under `auth` of the source in followthrough\.yaml; .*`tokenFrom: NAME`/,
  ],
  ["is no FHIR server", () => ({ body: { hello: marker } }), /answered with JSON that is no FHIR resource/, /the part before \/metadata/],
  [
    "shows a web page",
    () => ({ body: `<html>${marker}` }),
    /answered with a web page \(HTML\) instead of FHIR in JSON/,
    /the part before \/metadata/,
  ],
  ["speaks DSTU2", () => ({ body: { resourceType: "Conformance" } }), /speaks FHIR DSTU2, which is not read/, /base URL of a FHIR server/],
  [
    "sends us elsewhere",
    () => ({ status: 302, headers: { Location: `https://${marker}.example` } }),
    /sends us elsewhere \(HTTP 302\)/,
    /Give the address that it sends you to/,
  ],
  ["fails", () => ({ status: 500, body: marker }), /answered HTTP 500/, /Look at the server's own log/],
])("a server that %s is told in two lines, and nothing is read", async (_, answer, says, fix) => {
  const { origin } = await startOddServer(answer);
  const ended = await run("scan", "--from", `${origin}/fhir`, "--site", "bad");
  expect(ended).toEqual({ code: 2, stdout: "", stderr: noStack });
  const [said = "", mend = "", ...more] = ended.stderr.split("\n");
  expect([said, mend, more]).toEqual([expect.stringMatching(says), expect.stringMatching(fix), [""]]);
  expect(said).toContain(origin);
  expect(ended.stderr).not.toContain(marker);
});

test("a server that cannot be reached is told, with what to do, and nothing is lost", async () => {
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const { port } = gone.address() as AddressInfo;
  gone.close();
  const ended = await run("scan", "--from", `http://127.0.0.1:${port}/fhir`, "--site", "bad");
  expect(ended).toEqual({
    code: 2,
    stdout: "",
    stderr: `The FHIR server of source "server" at http://127.0.0.1:${port} could not be reached (ECONNREFUSED).\nCheck that the address is right and that this computer may reach it. Nothing was lost: run the same again.\n`,
  });
});

test.each(["https://user:hunter2@fhir.example/R4", "https://fhir.example/R4?token=hunter2", "ftp://hunter2.example/", "https://"])(
  "an address that is no base URL is refused without being quoted, for it may hold a password: %s",
  async (from) => {
    const ended = await run("scan", "--from", from);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(/^--from is no base URL of a FHIR server\.\nWrite it like https:\/\/fhir\.example\/R4, without user/);
    expect(ended.stderr).not.toContain("hunter2");
  },
);

test("sources that are both or neither of folder and server, and a token that is not there, are told with their lines, all at once", async () => {
  const file = join(makeFolder(), "followthrough.yaml");
  writeFileSync(
    file,
    `sites:
  - name: st-elsewhere
    sources:
      - { name: both, folder: export, url: https://fhir.example/R4 }
      - { name: neither }
      - { name: with-password, url: https://user:hunter2@fhir.example/R4 }
      - { name: without-token, url: https://fhir.example/R4, tokenFrom: EPR_TOKEN }
      - { name: files, folder: export, tokenFrom: EPR_TOKEN, types: [Task] }
      - { name: mistyped, url: https://fhir.example/R4, types: [AuditEvnt], lag: 5 minutes }
`,
  );
  const ended = await runHere(environmentOf(place, { FOLLOWTHROUGH_CONFIG: file }), "scan");
  expect(ended).toEqual({ code: 2, stdout: "", stderr: noStack });
  expect(ended.stderr).not.toContain("hunter2");
  for (const said of [
    /line 4.* Source both needs one of folder \(files\) and url \(a FHIR server\), not both\./,
    /line 5.* Source neither needs one of folder \(files\) and url \(a FHIR server\)\./,
    /line 6.* base URL of a FHIR server/,
    /line 7.* The environment variable that tokenFrom of source without-token names is not set/,
    /line 8.* tokenFrom, types of source files is for a FHIR server/,
    /line 9.* "AuditEvnt" is no FHIR resource type\. .*Did you mean "AuditEvent"\?/,
    /line 9.* "5 minutes" is no ISO 8601 duration/,
  ]) {
    expect(ended.stderr).toMatch(said);
  }
});

test("a configured server is sent its token, and a line is logged for each window, with nothing of any patient", async () => {
  const heard = new Set<string | undefined>();
  const now = { Date: "Sun, 01 Mar 2026 12:00:00 GMT" };
  const server = await startOddServer(({ path, headers }) => {
    heard.add(headers.authorization);
    const rest = [{ resource: [{ type: "Task" }, { type: "AuditEvent" }] }];
    if (path.endsWith("/metadata")) return { headers: now, body: { resourceType: "CapabilityStatement", fhirVersion: "4.0.1", rest } };
    const entry = [{ resource: task("hollis-vera", { meta: { versionId: "1", lastUpdated: "2026-03-01T10:00:00Z" } }) }];
    return { body: { resourceType: "Bundle", type: "searchset", ...(path.endsWith("/Task") && { entry }) } };
  });
  const file = join(makeFolder(), "followthrough.yaml");
  writeFileSync(
    file,
    `sites:\n  - name: tokened\n    sources:\n      - { name: epr, url: "${server.origin}/fhir/", tokenFrom: EPR_TOKEN, lag: PT0S }\n`,
  );
  const env = environmentOf(place, { FOLLOWTHROUGH_CONFIG: file, EPR_TOKEN: "hunter2" });
  const ended = await runHere(env, "scan", "--since", "2026-02-20T00:00:00Z");
  expect([...heard]).toEqual(["Bearer hunter2"]);
  const line = /^tokened\/epr (\w+) from (.*) to (.*) UTC: (\d+) resources?$/;
  const windows = ended.stderr
    .trimEnd()
    .split("\n")
    .map((each) => line.exec(each)?.slice(1) ?? [each]);
  for (const [type, resources] of [
    ["Task", "1"],
    ["AuditEvent", "0"],
  ] as const) {
    // Side by side, and told in their order: each begins where the one before ended.
    const ofType = windows.filter(([each]) => each === type);
    expect(ofType.map(([, from]) => from)).toEqual(["2026-02-20 00:00 UTC", ...ofType.slice(0, -1).map(([, , to]) => `${to} UTC`)]);
    expect(ofType.at(-1)?.[2]).toBe("2026-03-01 12:00");
    expect(ofType.reduce((sum, [, , , read]) => sum + Number(read), 0)).toBe(Number(resources));
  }
  expect(new Set(windows.map(([type]) => type))).toEqual(new Set(["Task", "AuditEvent"]));
  expect(ended.stdout + ended.stderr).not.toMatch(/hunter2|hollis/);
});

test("a scan that a server gave only a part of exits with 3 and says what was not given, and why; one that was given all says so", async () => {
  const ward = [report("k"), observation("k", "HH"), task("t")];
  const lost = [
    ["2000-01-01T00:00:00Z", "2026-03-10T03:00:00Z"],
    ["2026-03-10T05:00:00Z", "2100-01-01T00:00:00Z"],
  ] as const;
  const scan = () => run("scan", "--from", proxy.url, "--site", "parted", "--since", "2026-03-01T00:00:00Z");
  await serveWard(proxy, ward, { at: "2026-03-20T12:00:00Z", coverage: { AuditEvent: lost } });
  const part = await scan();
  expect(part.code).toBe(3);
  expect(part.stdout).toMatch(/^INCOMPLETE: parted was not seen whole/);
  expect(part.stdout).toContain("AuditEvent was not read from 2026-03-10 02:55 to 05:00 UTC.");
  expect(part.stdout).toContain(
    "Source server: the server answered HTTP 500 (exception), when asked for AuditEvent (2026-03-10 03:00 to 05:00 UTC). It is asked again by the next scan.",
  );
  expect(part.stderr.match(/^.* NOT all of it.*$/gm)).toEqual([
    "parted/server AuditEvent from 2026-03-10 00:00 UTC to 2026-03-13 00:00 UTC: 0 resources; NOT all of it: the server answered HTTP 500 (exception)",
  ]);
  await serveWard(proxy, ward, { at: "2026-03-20T12:00:00Z" });
  const whole = await scan();
  expect(whole.code).toBe(0);
  expect(whole.stdout).toMatch(
    /^Site parted, judged as at 2026-03-20 11:55 UTC \(the server's own clock when the pull began, less the lag/,
  );
});

test("a server whose clock is hours off is read, and said to be off though nothing is missing", async () => {
  await serveWard(proxy, [task("t")], { at: "2026-03-20T08:00:00Z" });
  const ended = await run("scan", "--from", proxy.url, "--site", "clockless", "--since", "2026-03-01T00:00:00Z");
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain(
    `The server of source server (${new URL(proxy.url).origin}) has a clock that is 4 hours behind this computer's.`,
  );
});
