import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { scratchPlace, type ScratchPlace } from "../db/scratch-database.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { waitForServers } from "../../src/commands/wait-for-servers.ts";
import { makeSite } from "../worker/make-scheduler.ts";
import { environmentOf, runFollowthrough } from "./run-followthrough.ts";
import { startFollowthrough, type Started } from "./start-followthrough.ts";

const south = join(import.meta.dirname, "../../fixtures/hospital/south");

let place: ScratchPlace;
beforeAll(async () => (place = await scratchPlace()));
afterAll(() => place.remove());

/** With a configuration of its own, on the one database of this file; killed if the test has not stopped it. */
function start(config: string, ...args: string[]): Started {
  const folder = makeFolder({ "followthrough.yaml": config });
  const started = startFollowthrough(environmentOf(place, { FOLLOWTHROUGH_CONFIG: join(folder, "followthrough.yaml") }), args);
  onTestFinished(() => started.stop("SIGKILL").then(() => undefined));
  return started;
}

const configOf = (schedule: string): string =>
  `sites: [{ name: south, sources: [{ name: epr, folder: ${south} }], schedule: ${schedule} }]`;
const urlIn = (line: string): string => /http:\S+(?=\/$)/.exec(line)![0];

/** Another address of this machine: it leads only to a server that listens on all of them. */
const fromOutside = (url: string): string => url.replace("127.0.0.1", "127.0.0.2");

test("serve shows pages and API, scans what is due and what is asked for, and ends with 0 when it is stopped", async () => {
  const serving = start(configOf(`{ increment: "0 0 1 1 *", reconcile: off }`), "serve", "--port", "0");
  const url = urlIn(await serving.line(/^Worklist/));
  expect(await serving.line(/ south /)).toMatch(/^\S+Z south increment complete \(1 due, \d+\.\d s\): [1-9]\d* read, [1-9]\d* stored, /);
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "ok" });
  expect(await (await fetch(url)).text()).toMatch(/<h1/);
  const asked = await fetch(`${url}/api/v1/runs`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ site: "south", kind: "reconcile" }),
  });
  expect(asked.status).toBe(202);
  expect(await serving.line(/ south reconcile /)).toMatch(/ \(1 due, \d+\.\d s\): [1-9]\d* read, 0 stored, /);
  expect(await serving.stop("SIGTERM")).toMatchObject({ code: 0 });
});

test("worker scans and no more, and says of a run that failed why and what to do", async () => {
  const sites = `[{ name: broken, sources: [{ name: epr, folder: ./nowhere }] }, { name: whole }]`;
  const working = start(`sites: ${sites}`, "worker");
  expect(await working.line(/ whole /)).toMatch(/Z whole reconcile incomplete \(2 due, \d+\.\d s\): 0 read, 0 stored, /);
  const { code, stderr } = await working.stop("SIGINT");
  expect(code).toBe(0);
  expect(stderr).toMatch(/Z broken reconcile failed \(2 due, \d+\.\d s\): There is no folder \S+nowhere\. Check its name/);
});

test("a server that is not there yet is waited for, and for one that never comes only so long", async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(asked < 3 ? 503 : 200, { "Content-Type": "application/fhir+json" });
    response.end(JSON.stringify({ resourceType: asked < 3 ? "OperationOutcome" : "CapabilityStatement" }));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const siteAt = (at: number) => makeSite("north", { sources: [{ name: "epr", url: `http://127.0.0.1:${at}`, lagMs: 0 }] });
  let slept = 0;
  const wait = (at: number, waitMs: number): Promise<void> =>
    waitForServers({ clock: Date.now, random: () => 0 }, { sites: [siteAt(at)] }, waitMs, () => Promise.resolve((slept += 1)));
  await wait(port, 60_000);
  expect({ asked, slept }).toEqual({ asked: 3, slept: 2 });
  await wait(port, 0);
  expect(asked).toBe(3);
  server.close();
  await wait(port, 30_000);
  expect(slept).toBe(2 + 10);
});

test("serve --no-schedule scans nothing, lets nobody in but this machine, and says what to do where nothing is held", async () => {
  const empty = await scratchPlace();
  onTestFinished(empty.remove);
  const serving = startFollowthrough(environmentOf(empty), ["serve", "--port", "0", "--no-schedule"]);
  onTestFinished(() => serving.stop("SIGKILL").then(() => undefined));
  const url = urlIn(await serving.line(/^Worklist/));
  await serving.line(/^Nothing is held yet, and no site is configured: name one in followthrough\.yaml/);
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: "ready" });
  await expect(fetch(`${fromOutside(url)}/readyz`)).rejects.toThrow("fetch failed");
  expect(await serving.stop("SIGTERM")).toMatchObject({ code: 0 });
});

test("a demonstration in a container lets everybody in, and every page says so", async () => {
  const demo = await scratchPlace();
  onTestFinished(demo.remove);
  const serving = startFollowthrough(environmentOf(demo, { FOLLOWTHROUGH_INSECURE_DEMO: "1" }), ["serve", "--port", "0", "--no-schedule"]);
  onTestFinished(() => serving.stop("SIGKILL").then(() => undefined));
  const url = urlIn(await serving.line(/^Worklist/));
  expect(await (await fetch(`${fromOutside(url)}/runs`)).text()).toContain("Nobody has to sign in here");
  expect(await serving.stop("SIGTERM")).toMatchObject({ code: 0 });
});

test.each([
  [["--port", "http"], /Write a whole number up to 65535/],
  [["--port", "65536"], /Write a whole number up to 65535/],
  [["--wait", "long"], /^--wait "long" is no duration\.\nWrite it like PT10M\./],
])("serve %j is refused with what to write instead", async (args, says) => {
  const { code, stderr } = await runFollowthrough(environmentOf(place), ["serve", ...args]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(says) as string });
});

test("a port that is taken is told with another to choose, and the database is let go of", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await runFollowthrough(environmentOf(place), ["serve", "--port", String(port)]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `Port ${port} is taken by another program.\nStop that one, or choose another port, for example: npm run -s followthrough -- serve --port 3000\n`,
  });
});
