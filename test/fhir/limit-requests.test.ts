import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { openFhirServer } from "../../src/fhir/fhir-server.ts";
import { limitRequests } from "../../src/fhir/limit-requests.ts";
import { startOddServer } from "./odd-server.ts";

const found = JSON.stringify({ resourceType: "Bundle", type: "searchset" });

/** A server that holds its answers back, asked by one who keeps asking; `room` lets it answer all, each after so long, and says how many the next are. */
async function holdBack(most: number): Promise<{ room: (tookMs: number, status?: number) => Promise<number> }> {
  let now = 0;
  const held: ServerResponse[] = [];
  let arrived = Promise.withResolvers<undefined>();
  const { origin } = await startOddServer((_, res) => {
    held.push(res);
    arrived.resolve(undefined);
    return undefined;
  });
  const patience = { waitsMs: [0], sleep: () => Promise.resolve() };
  const opened = openFhirServer({ base: `${origin}/fhir`, clock: () => now, random: () => 0, patience });
  let underWay = 0;
  const counted = { ...opened, get: (path: string) => ((underWay += 1), opened.get(path).finally(() => (underWay -= 1))) };
  const server = limitRequests(counted, most);
  const keepAsking = async (): Promise<void> => {
    for (;;) await server.get("Patient").catch(() => undefined);
  };
  for (let asker = 0; asker < most + 3; asker += 1) void keepAsking();

  async function room(tookMs: number, status = 200): Promise<number> {
    while (held.length < underWay) {
      arrived = Promise.withResolvers();
      await arrived.promise;
    }
    now += tookMs;
    const those = held.splice(0);
    const next = Promise.withResolvers<undefined>();
    arrived = next;
    for (const res of those) {
      res.writeHead(status, { "Content-Type": "application/fhir+json" });
      res.end(found);
    }
    await next.promise;
    while (held.length < underWay) {
      arrived = Promise.withResolvers();
      await arrived.promise;
    }
    return held.length;
  }
  return { room };
}

test("who answers quickly is asked more at once, one more a round, from half of what may be", async () => {
  const { room } = await holdBack(8);
  const rooms = [];
  for (let round = 0; round < 7; round += 1) rooms.push(await room(100));
  expect(rooms).toEqual([5, 6, 7, 8, 8, 8, 8]);
});

test("one that is slow, or turns questions away, is asked half as much at once, and no less than one", async () => {
  const { room } = await holdBack(8);
  // Neither quick nor slow: as it was.
  expect(await room(2_000)).toBe(4);
  // All four of them were slow, and say so once.
  expect(await room(6_000)).toBe(2);
  expect(await room(100)).toBe(3);
  // Turned away, each asks again; what it hears then was not to be had at once.
  expect(await room(100, 429)).toBe(3);
  expect(await room(100)).toBe(1);
  expect(await room(6_000)).toBe(1);
  expect(await room(100)).toBe(2);
});

test("what cannot be had is no sign of a busy server, and one question at once is never more", async () => {
  const { room } = await holdBack(4);
  expect(await room(100, 404)).toBe(2);
  const { room: alone } = await holdBack(1);
  expect([await alone(100), await alone(6_000), await alone(100)]).toEqual([1, 1, 1]);
});
