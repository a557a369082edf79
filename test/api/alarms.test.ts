import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { alarmedSite as site, scanAlarmedFeed, silentFrom } from "../store/alarmed-feed.ts";
import { scanForPages } from "../worker/measured-hospital.ts";
import { apiHere, type ApiHere } from "./api-here.ts";

interface Shown {
  id: string;
  from: string;
  to: string;
  value: number;
  breaks: string[];
  limits: { centre: number } | null;
  accepted: { reason: string; actor: string } | null;
}

let connection: Connection;
let api: ApiHere;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanAlarmedFeed(connection);
  await scanForPages(connection);
  api = await apiHere(connection);
});
afterAll(async () => {
  await api.close();
  await connection.close();
});

const feed = { site, source: "epr", type: "AuditEvent" };

it("lists every alarm once, the latest first, page by page; of one series; of one site", async () => {
  const pages = await api.walk<{ alarms: Shown[]; next: string | null }>(`alarms?site=${site}&limit=3`);
  const alarms = pages.flatMap((page) => page.alarms);
  expect(alarms.map(({ from, breaks }) => `${from} ${breaks.join()}`)).toEqual([
    "2026-03-12T14:00:00Z above",
    "2026-03-11T12:00:00Z silent,below",
    "2026-03-11T11:00:00Z silent,below",
    "2026-03-11T10:00:00Z silent,below",
  ]);
  expect(new Set(alarms.map(({ id }) => id)).size).toBe(4);
  const surges = await api.get<{ alarms: Shown[] }>(`alarms?signal=feed-surge&site=${site}`);
  expect(surges.body.alarms).toEqual([alarms[0]]);
  expect((await api.get("alarms?site=nowhere")).status).toBe(400);
});

it("says of the hours of silence that somebody accepted who it was, and of no others", async () => {
  const at = (hours: number): string => new Date(silentFrom + hours * 3_600_000).toISOString();
  const acceptance = { id: randomUUID(), ...feed, says: "silence-accepted", from: at(0), to: at(2), reason: "Christmas" };
  expect((await api.post("feed-statements", acceptance)).status).toBe(201);
  const { alarms } = (await api.get<{ alarms: Shown[] }>(`alarms?site=${site}`)).body;
  const christmas = { reason: "Christmas", actor: "demo" };
  expect(alarms.map(({ accepted }) => accepted)).toEqual([null, null, christmas, christmas]);
  expect((await api.post(`feed-statements/${acceptance.id}/undo`, { reason: "it was in March" })).status).toBe(201);
});

it("gives the hours of a week with what is usual, and leaves out what was not read", async () => {
  const query = new URLSearchParams(feed).toString();
  const week = await api.get<{ periods: Shown[]; window: object }>(`series/feed-silence?${query}`);
  expect(week.body.window).toEqual({ from: "2026-03-09T09:00:00Z", to: "2026-03-16T09:00:00Z" });
  expect(week.body.periods.length).toBe(6 * 24);
  expect(week.body.periods.find(({ from }) => from === "2026-03-11T10:00:00Z")).toMatchObject({ value: 0, limits: { centre: 188 } });
  const early = await api.get<{ periods: Shown[] }>(`series/feed-silence?${query}&until=2026-01-12T09:00:00Z`);
  expect(early.body.periods.every(({ limits }) => limits === null)).toBe(true);
  expect((await api.get(`series/feed-silence?${query}&until=yesterday`)).status).toBe(400);
  expect((await api.get(`series/feed-silense?${query}`)).status).toBe(404);
  expect((await api.get(`series/feed-silence?site=${site}&source=epr&type=Task`)).status).toBe(404);
});

it("gives the days of a site, and where what is counted is rare the days between", async () => {
  const { body } = await api.get<{ periods: Shown[]; leftOut: number; unread: object[] }>("series/potassium-shift?site=north");
  expect([body.periods.length, body.unread.length, body.leftOut]).toEqual([30, 59, 10]);
  expect(body.periods.filter(({ breaks }) => breaks.length > 0).map(({ from, breaks }) => [from, breaks])).toEqual([
    ["2026-04-01T23:00:00Z", ["outside"]],
  ]);
  expect((await api.get("series/potassium-shift?site=north&until=2026-03-10T00:00:00Z")).status).toBe(200);
  const rare = await api.get<{ areDaysBetween: boolean }>("series/results-incomplete?site=north");
  expect(rare.body.areDaysBetween).toBe(true);
  expect((await api.get(`series/potassium-shift?site=${site}`)).body).toMatchObject({ code: "series-not-judged" });
  const { alarms } = (await api.get<{ alarms: Shown[] }>("alarms?site=north")).body;
  expect(alarms.map(({ from, to }) => [from, to])).toEqual([["2026-04-01T23:00:00Z", "2026-04-02T23:00:00Z"]]);
});

it("takes an outage down and back, each once, with a reason", async () => {
  const id = randomUUID();
  const at = (hours: number): string => new Date(silentFrom + hours * 3_600_000).toISOString();
  const outage = { id, ...feed, says: "outage", from: at(0), to: at(3), reason: "Upgrade" };
  expect((await api.post("feed-statements", { ...outage, reason: " " })).status).toBe(422);
  expect((await api.post("feed-statements", { ...outage, to: at(0) })).status).toBe(422);
  expect((await api.post("feed-statements", { ...outage, from: "then" })).status).toBe(400);
  expect((await api.post("feed-statements", { ...outage, source: "erp" })).status).toBe(404);
  for (const _ of [1, 2]) expect((await api.post("feed-statements", outage)).status).toBe(201);
  const list = () => api.get<{ statements: object[] }>("feed-statements");
  expect((await list()).body.statements).toEqual([expect.objectContaining({ id, site, says: "outage", actor: "demo", reason: "Upgrade" })]);
  expect((await api.post(`feed-statements/${id}/undo`, { reason: "" })).status).toBe(422);
  expect((await api.post(`feed-statements/${id}/undo`, { reason: "Another day" })).status).toBe(201);
  expect((await api.post(`feed-statements/${id}/undo`, { reason: "Another day" })).status).toBe(404);
  expect((await list()).body.statements).toEqual([]);
});
