import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { faultTable } from "../../../src/fhir-server/faults/fault-table.ts";
import { noFaults } from "../../../src/fhir-server/faults/plan-faults.ts";
import type { FaultyFront } from "../../../src/fhir-server/faults/start-faulty-front.ts";
import { nextOf, serverTime, type Answer } from "../serve-folder.ts";
import { askRaw, askWhole, takeApart, type Parts } from "./ask-raw.ts";
import { alone, hoursBefore, startFaultyWard } from "./faulty-server.ts";

const page = "Task?_count=2";

/** What can be seen of a fault by who asks with nothing but a socket. */
const seen: Readonly<Record<string, (front: FaultyFront) => Promise<void>>> = {
  async "busy-for-seconds"({ url }) {
    const answers = await Promise.all(["Task", "Task?_count=1", "Task?_count=2", "Task?_count=3"].map((path) => askWhole(url, path)));
    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([429, 503]);
    for (const { headers } of answers) expect(headers["retry-after"]).toMatch(/^[0-2]$/);
  },
  async "busy-until-date"({ url }) {
    const { status, headers } = await askWhole(url, page);
    expect([429, 503]).toContain(status);
    const waitMs = Date.parse(headers["retry-after"] ?? "") - serverTime;
    expect([headers["retry-after"]?.endsWith(" GMT"), waitMs >= 0, waitMs <= 3_000]).toEqual([true, true, true]);
  },
  async "server-error"({ url }) {
    const statuses = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(async (count) => (await askWhole(url, `Task?_count=${count}`)).status));
    expect([...new Set(statuses)].sort()).toEqual([500, 502, 504]);
  },
  async "outcome-for-bundle"({ url }) {
    const answer = await askWhole(url, page);
    expect([answer.status, read(answer)]).toMatchObject([200, { resourceType: "OperationOutcome" }]);
  },
  async "web-page"({ url }) {
    const answers = await Promise.all([1, 2, 3, 4].map((count) => askWhole(url, `Task?_count=${count}`)));
    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([200, 503]);
    for (const { headers, body } of answers)
      expect([headers["content-type"], String(body)]).toEqual(["text/html", expect.stringMatching(/^<!doctype html>/)]);
  },
  async "page-expired"({ url }) {
    const statuses = new Set<number>();
    for (const count of [1, 2, 3, 4]) statuses.add((await askWhole(url, await nextTarget(url, `Task?_count=${count}`))).status);
    expect([...statuses].sort()).toEqual([404, 410]);
  },
  async "count-refused"({ url }) {
    expect((await askWhole(url, "Task?_summary=count")).status).toBe(400);
    expect((await askWhole(url, page)).status).toBe(200);
  },
  async "count-estimated"({ url }) {
    expect(read(await askWhole(url, "Task?_summary=count")).total).toBe(7);
    expect(read(await askWhole(url, page)).total).toBe(5);
  },
  async reset({ url }) {
    const answer = askRaw(url, page);
    expect([await answer.over, answer.bytes().length]).toEqual(["ECONNRESET", 0]);
  },
  async "reset-in-body"({ url }) {
    const answer = askRaw(url, page);
    expect(await answer.over).toBe("ECONNRESET");
    // What had come may be thrown away with the connection.
    if (answer.bytes().length > 0) expect(takeApart(answer.bytes()).body.length).toBeLessThan(takeApart(answer.bytes()).length);
  },
  async "connection-unread"(front) {
    front.follow(alone("connection-unread", 1));
    expect(await askRaw(front.url, page).over).toBe("ECONNRESET");
    const unread = askRaw(front.url, page);
    expect(await askWhole(front.url, page)).toMatchObject({ status: 200 });
    expect(unread.bytes().length).toBe(0);
    unread.hangUp();
  },
  async "headers-stall"(front) {
    const stalled = askRaw(front.url, page);
    await asked(front);
    front.follow(noFaults);
    expect(await askWhole(front.url, page)).toMatchObject({ status: 200 });
    expect(stalled.bytes().length).toBe(0);
    stalled.hangUp();
  },
  async "body-stalls"(front) {
    const stalled = askRaw(front.url, page);
    await stalled.begun;
    front.follow(noFaults);
    expect(await askWhole(front.url, page)).toMatchObject({ status: 200 });
    const { status, length, body } = takeApart(stalled.bytes());
    expect([status, body.length]).toEqual([200, Math.floor(length / 2)]);
    stalled.hangUp();
  },
  async "json-cut"({ url }) {
    const answer = await askWhole(url, page);
    expect([answer.status, answer.body.length]).toEqual([200, answer.length]);
    expect(() => read(answer)).toThrow(SyntaxError);
  },
  async "gzip-cut"({ url }) {
    const answer = await askWhole(url, page);
    expect([answer.status, answer.body.length, answer.headers["content-encoding"]]).toEqual([200, answer.length, "gzip"]);
    expect(() => gunzipSync(answer.body)).toThrow("unexpected end of file");
  },
  async "link-repeats"({ url }) {
    const second = await nextTarget(url, page);
    expect(await nextLink(url, second)).toBe(`${url}${second}`);
  },
  async "link-loops"({ url }) {
    const second = await nextTarget(url, page);
    expect(await nextLink(url, second)).toBe(`${url}/${page}`);
  },
  async "link-elsewhere"({ url }) {
    expect(await nextLink(url, page)).toMatch(/^http:\/\/fhir\.inside\.invalid:8080\/fhir\?_page=/);
  },
  async "link-double-port"({ url }) {
    const { port } = new URL(url);
    expect(await nextLink(url, page)).toMatch(`http://127.0.0.1:${port}:${port}/fhir?_page=`);
  },
  async "link-other-scheme"({ url }) {
    expect(await nextLink(url, page)).toMatch(url.replace("http:", "https:"));
  },
  async "link-relative"({ url }) {
    expect(await nextLink(url, page)).toMatch(/^\/fhir\?_page=/);
  },
  async duplicates({ url }) {
    expect(await idsByPage(url, page)).toEqual([
      ["a", "b", "a"],
      ["b", "c", "d", "b"],
      ["d", "e", "d"],
    ]);
  },
  async reordered({ url }) {
    expect(await idsByPage(url, page)).toEqual([["a"], ["c", "b"], ["e", "d"]]);
  },
  async strangers({ url }) {
    const { entry = [] } = JSON.parse(String((await askWhole(url, page)).body)) as {
      entry?: { resource: { resourceType: string }; search: { mode: string } }[];
    };
    expect(entry.map(({ resource, search }) => `${resource.resourceType} ${search.mode}`)).toEqual([
      "OperationOutcome outcome",
      "Task match",
      "Task match",
      "Patient include",
    ]);
  },
  async "count-cut"({ url }) {
    const [first = []] = await idsByPage(url, "Task?_count=200");
    expect([first.length >= 3, first.length <= 5]).toEqual([true, true]);
    expect((await idsByPage(url, page))[0]).toHaveLength(2);
  },
  async "upper-bound-ignored"({ url }) {
    expect(await window(url)).toEqual(["c", "d", "e"]);
  },
  async "lower-bound-ignored"({ url }) {
    expect(await window(url)).toEqual(["a", "b", "c"]);
    expect(read(await askWhole(url, `Task/_history?_since=${hoursBefore(1)}`)).total).toBe(5);
  },
  async "index-lag"({ url }) {
    expect((await idsByPage(url, "Task")).flat()).toEqual(["a", "b", "c", "d"]);
    expect((await idsByPage(url, `Task?_lastUpdated=lt${hoursBefore(-1)}`)).flat()).toEqual(["a", "b", "c", "d"]);
    expect((await idsByPage(url, "Task?_id=e")).flat()).toEqual([]);
    expect((await idsByPage(url, "Task/_history")).flat()).toContain("e");
  },
  async "clock-ahead"({ url }) {
    expect(hoursOff(await askWhole(url, "metadata"))).toBeGreaterThanOrEqual(1);
  },
  async "clock-behind"({ url }) {
    expect(hoursOff(await askWhole(url, page))).toBeLessThanOrEqual(-1);
  },
};

test.each(faultTable.map(({ name }) => name))("%s happens on the wire, and is counted", async (name) => {
  const front = await startFaultyWard(alone(name));
  const look = seen[name];
  if (look === undefined) throw new Error(`Nobody looks for the fault ${name}: say in this table how it is seen.`);
  await look(front);
  expect([...front.happened.keys()]).toEqual([name]);
});

test("without a plan every page is as it should be, and its links name the front", async () => {
  const front = await startFaultyWard(noFaults);
  expect(await idsByPage(front.url, page)).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  expect(await nextLink(front.url, page)).toMatch(`${front.url}?_page=`);
  expect((await askWhole(front.url, "Task/nobody")).status).toBe(404);
  expect(hoursOff(await askWhole(front.url, "metadata"))).toBe(0);
  expect([...front.happened]).toEqual([]);
});

test("every fault has a name of its own", () => {
  expect(new Set(faultTable.map(({ name }) => name)).size).toBe(faultTable.length);
});

function read({ body }: Parts): Partial<Answer> {
  return JSON.parse(String(body)) as Partial<Answer>;
}

async function nextLink(url: string, path: string): Promise<string | undefined> {
  return nextOf(read(await askWhole(url, path)) as Answer);
}

async function nextTarget(url: string, path: string): Promise<string> {
  return (await nextLink(url, path))?.slice(url.length).replace(/^\//, "") ?? "";
}

async function idsByPage(url: string, path: string): Promise<(string | undefined)[][]> {
  const answer = read(await askWhole(url, path)) as Answer;
  const next = nextOf(answer)?.slice(url.length);
  return [(answer.entry ?? []).map(({ resource }) => resource?.id), ...(next === undefined ? [] : await idsByPage(url, next))];
}

/** The ids from c on and before d. */
async function window(url: string): Promise<(string | undefined)[]> {
  return (await idsByPage(url, `Task?_lastUpdated=ge${hoursBefore(2)}&_lastUpdated=lt${hoursBefore(1)}`)).flat();
}

function hoursOff({ headers }: Parts): number {
  return (Date.parse(headers["date"] ?? "") - serverTime) / 3_600_000;
}

/** Until the fault has happened: it leaves no other trace than silence. */
async function asked(front: FaultyFront): Promise<void> {
  while (front.happened.size === 0) await new Promise((resolve) => setImmediate(resolve));
}
