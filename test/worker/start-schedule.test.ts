import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeEach, expect, onTestFinished, test } from "vitest";
import type { SiteConfig } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { whenSiteIsFree } from "../../src/db/site-lock.ts";
import { listDueRuns } from "../../src/store/due-run.ts";
import { getSite } from "../../src/store/site.ts";
import { startSchedule } from "../../src/worker/start-schedule.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { countStatements } from "../property/count-statements.ts";
import { makeSchedule, makeSite } from "./make-scheduler.ts";

const connection = await scratchDatabase();
const minuteMs = 60_000;

afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

/** A schedule whose clock ticks when it is told, and moves on by a minute; and what is heard of it, as it comes. */
function begin(db: Connection, sites: readonly SiteConfig[]) {
  let now = Date.parse("2026-03-02T10:00:00Z");
  let tick = (): void => undefined;
  const heard: string[] = [];
  let wake = (): void => undefined;
  const hear = (what: string): void => {
    heard.push(what);
    wake();
  };
  const stop = startSchedule(db, {
    config: { ...loadConfig({ env: {} }), sites },
    planSite: (config) => ({ config, sources: config.sources, signals: [] }),
    process: { clock: () => now, makeId: randomUUID, random: () => 0 },
    report: ({ site }) => hear(site),
    reportBlind: (error) => hear(String(error)),
    tick: (work) => {
      tick = work;
      return () => (tick = () => undefined);
    },
  });
  return {
    heard,
    stop,
    tick: () => {
      now += minuteMs;
      tick();
    },
    /** Resolves when so much has been heard. */
    hears: async (count: number): Promise<void> => {
      while (heard.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

/** A FHIR server that has been asked, and does not answer before it is told to. */
async function holdServer(): Promise<{ url: string; asked: Promise<unknown>; answer: () => void }> {
  const held: ServerResponse[] = [];
  const server = createServer((_request, response) => held.push(response)).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, "listening");
  const answer = (): void => held.forEach((response) => response.writeHead(404).end());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: once(server, "request"), answer };
}

const minutely = { schedule: makeSchedule("* * * * *", "off") };

test("a site that takes long keeps no other waiting, and is scanned by nobody else meanwhile", async () => {
  const { url, asked, answer } = await holdServer();
  const slow = makeSite("a-slow", { ...minutely, sources: [{ name: "epr", url, lagMs: 0 }] });
  const begun = begin(connection, [slow, makeSite("b-quick", minutely)]);
  await asked;
  expect(begun.heard).toEqual([]);
  begun.tick();
  await begun.hears(1);
  begun.tick();
  await begun.hears(2);
  expect(begun.heard).toEqual(["b-quick", "b-quick"]);
  answer();
  await begun.hears(3);
  expect(begun.heard[2]).toBe("a-slow");
  begun.stop();
});

test("a database that is gone is told once, and again only after it was there", async () => {
  let isGone = true;
  let refused = 0;
  const mortal = countStatements(connection, () => {
    if (!isGone) return;
    refused += 1;
    throw new Error("gone");
  });
  const begun = begin(mortal, [makeSite("north", minutely)]);
  await begun.hears(1);
  begun.tick();
  while (refused < 2) await setImmediate();
  isGone = false;
  begun.tick();
  await begun.hears(2);
  isGone = true;
  begun.tick();
  await begun.hears(3);
  expect(begun.heard).toEqual(["Error: gone", "north", "Error: gone"]);
  begun.stop();
});

test("once stopped it looks no more, and is silent of what it left", async () => {
  const { url, asked, answer } = await holdServer();
  let statements = 0;
  const counted = countStatements(connection, () => (statements += 1));
  const begun = begin(counted, [makeSite("north", { ...minutely, sources: [{ name: "epr", url, lagMs: 0 }] })]);
  await asked;
  begun.stop();
  const before = statements;
  begun.tick();
  expect(statements).toBe(before);
  answer();
  const { siteId } = await getSite(connection.db, "north");
  const isRunning = async (): Promise<boolean> => (await listDueRuns(connection.db, siteId, 1))[0]?.state === "running";
  while (await isRunning()) await setImmediate();
  // Let go of by what has nothing left to do but to tell.
  while (!(await whenSiteIsFree(counted, siteId, () => Promise.resolve()))) await setImmediate();
  await setImmediate();
  expect(begun.heard).toEqual([]);
});
