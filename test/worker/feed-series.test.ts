import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { toTimestamp } from "../../src/db/timestamp.ts";
import type { FeedStatement } from "../../src/domain/feed-statement.ts";
import { commandLineViewer as viewer } from "../../src/domain/viewer.ts";
import { readSeriesCatalogue } from "../../src/signals/catalogue.ts";
import { listAlarms } from "../../src/store/alarm.ts";
import { addCoverage } from "../../src/store/coverage.ts";
import { addFeedStatement, undoFeedStatement } from "../../src/store/feed-statement.ts";
import { getSite } from "../../src/store/site.ts";
import { detectSeries, type SeriesSite } from "../../src/worker/detect-series.ts";
import { readSiteView } from "../../src/worker/site-view.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";

const hourMs = 3_600_000;
const start = Date.parse("2026-01-05T00:00:00Z");
const series = readSeriesCatalogue()
  .map(({ signal }) => signal)
  .filter(({ series: { number } }) => number.what === "records");

let connection: Connection;
let site: SeriesSite;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(async () => {
  await truncateAll(connection.db);
  const { siteId } = await getSite(connection.db, "north");
  site = { siteId, site: "north", timeZone: "Europe/London", now: 0, line: start - 400 * 24 * hourMs, everything: false, feeds: new Map() };
});

/** Small, seeded, and the same everywhere (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** As a pull counts: added to what is held of the hour. */
async function take(type: string, hours: ReadonlyMap<number, number>): Promise<void> {
  const at = [...hours.keys()].map(toTimestamp);
  await sql`insert into feed_hour as held (site_id, source, type, hour_at, understood, unreadable)
    select ${site.siteId}::integer, 'epr', ${type}::text, given.at, given.understood, 0
    from unnest(${at}::timestamptz[], ${[...hours.values()]}::integer[]) as given (at, understood)
    on conflict (site_id, source, type, hour_at) do update set changed = true, understood = held.understood + excluded.understood`.execute(
    connection.db,
  );
}

async function cover(type: string, from: number, to: number): Promise<void> {
  await addCoverage(connection.db, site.siteId, "epr", [{ type, how: "searched", intervals: [{ from, to }] }]);
}

async function alarmsAt(now: number, everything = false): Promise<string[]> {
  await detectSeries(connection.db, { ...site, now, everything }, series);
  const alarms = await listAlarms(connection.db, {}, 100_000);
  return alarms
    .map(({ id, signal, feed, from, breaks, value, limits }) => JSON.stringify([id, signal, feed, from, breaks, value, limits]))
    .sort();
}

/** A week of which each hour of the day has its own number, weekends half of it, with outages and doubled hours. */
function numbersOf(roll: () => number, from: number, to: number): Map<number, number> {
  const hours = new Map<number, number>();
  for (let hour = from; hour < to; hour += hourMs) {
    const usual = 4 * (new Date(hour).getUTCHours() + 1) * ([0, 6].includes(new Date(hour).getUTCDay()) ? 0.5 : 1);
    const chance = roll();
    const count = chance < 0.02 ? 0 : chance < 0.03 ? 3 * usual : usual * (0.8 + 0.4 * roll());
    if (count >= 1) hours.set(hour, Math.floor(count));
  }
  return hours;
}

describe("over random weeks, with late records and gaps that are filled", () => {
  test.each([1, 2, 3])(
    "scans of what changed end as judging everything does, and every silent hour has its alarm (seed %i)",
    async (seed) => {
      const roll = dice(seed);
      const end = start + 14 * 7 * 24 * hourMs;
      const seenSilent = new Set<string>();
      let covered = start;
      for (const type of ["Task", "AuditEvent"]) await cover(type, start, start + 1);
      while (covered < end) {
        const next = Math.min(end, covered + Math.ceil(roll() * 200) * hourMs + Math.floor(roll() * hourMs));
        for (const type of ["Task", "AuditEvent"]) {
          const hours = numbersOf(roll, Math.ceil(covered / hourMs) * hourMs, next);
          if (roll() < 0.3) hours.set(start + Math.floor((roll() * (next - start)) / hourMs) * hourMs, 7);
          await take(type, hours);
          // Now and then a stretch is left out, and read with the next.
          if (roll() < 0.8) await cover(type, roll() < 0.5 ? start : covered, next);
        }
        covered = next;
        const incremental = await alarmsAt(next);
        expect(await alarmsAt(next, true)).toEqual(incremental);
        for (const silent of await silentAlarms(next)) seenSilent.add(silent);
      }
      // So that it cannot pass for want of silence.
      expect(seenSilent.size).toBeGreaterThan(10);
      // An earlier now knows nothing of later hours.
      const earlier = start + 8 * 7 * 24 * hourMs;
      expect(await alarmsAt(earlier)).toEqual(await alarmsAt(earlier, true));
    },
  );
});

/** The hours that coverage leaves out as silent, each of which must be an alarm that says so. */
async function silentAlarms(now: number): Promise<string[]> {
  const settings = {
    siteId: site.siteId,
    name: "north",
    blindAfterMs: 0,
    watchSince: undefined,
    madeFrom: {},
    signals: [],
    mirrors: new Map(),
    teams: new Map(),
  };
  const { feeds } = await readSiteView(connection.db, settings, now, site.line);
  const silent = [...feeds].flatMap(([type, feed]) =>
    feed.silent.flatMap(({ from, to }) => {
      const hours = Array.from({ length: (to - from) / hourMs }, (_, index) => from + index * hourMs);
      return hours
        .filter((hour) => hour + hourMs <= now && hour >= site.line + 56 * 24 * hourMs)
        .filter((hour) => feed.covered.some((each) => each.from <= hour && hour + hourMs <= each.to))
        .map((hour) => `${type} ${String(hour)}`);
    }),
  );
  const alarms = await listAlarms(connection.db, { signal: "feed-silence" }, 100_000);
  const told = alarms.filter(({ breaks }) => breaks.includes("silent")).map(({ feed, from }) => `${feed!.type} ${String(from)}`);
  expect(told.sort()).toEqual(silent.sort());
  return silent;
}

describe("what people say of a feed's time", () => {
  const sunday = (week: number): number => Date.parse("2026-02-01T10:00:00Z") + week * 7 * 24 * hourMs;
  const now = sunday(4) + 2 * hourMs;
  const statement = (says: FeedStatement["says"], more: Partial<FeedStatement> = {}): FeedStatement => ({
    id: randomUUID(),
    says,
    source: "epr",
    type: "Task",
    from: sunday(4),
    to: sunday(4) + hourMs,
    reason: "upgrade",
    actor: "demo",
    at: now,
    ...more,
  });
  beforeEach(async () => {
    await take("Task", new Map([0, 1, 2, 3].map((week) => [sunday(week), 20])));
    await cover("Task", start, now);
  });
  const readTask = async () => {
    const settings = {
      siteId: site.siteId,
      name: "north",
      blindAfterMs: 0,
      watchSince: undefined,
      madeFrom: {},
      signals: [],
      mirrors: new Map(),
      teams: new Map(),
    };
    const { covered, silent, outages } = (await readSiteView(connection.db, settings, now, site.line)).feeds.get("Task")!;
    return { isCovered: covered.some((each) => each.from <= sunday(4) && sunday(4) < each.to), silent, outages };
  };
  const hour = { from: sunday(4), to: sunday(4) + hourMs };

  test("an hour that is silent is an alarm, and a gap until somebody accepts it; taken back, it is one again", async () => {
    expect(await readTask()).toEqual({ isCovered: true, silent: [hour], outages: [] });
    expect((await alarmsAt(now)).length).toBe(1);
    const accepted = statement("silence-accepted");
    await addFeedStatement(connection.db, site.siteId, accepted);
    expect(await readTask()).toEqual({ isCovered: true, silent: [], outages: [] });
    await undoFeedStatement(connection.db, viewer, { undoes: accepted.id, id: randomUUID(), reason: "it was no holiday", at: now });
    expect(await readTask()).toEqual({ isCovered: true, silent: [hour], outages: [] });
    expect((await connection.db.selectFrom("feed_statement").select("says").orderBy("says").execute()).map(({ says }) => says)).toEqual([
      "silence-accepted",
      "undone",
    ]);
  });

  test("an acceptance of half the hour, or of another feed, accepts nothing", async () => {
    await cover("AuditEvent", start, start + 1);
    await addFeedStatement(connection.db, site.siteId, statement("silence-accepted", { to: sunday(4) + hourMs / 2 }));
    await addFeedStatement(connection.db, site.siteId, statement("silence-accepted", { type: "AuditEvent" }));
    expect((await readTask()).silent).toEqual([hour]);
  });

  test("an outage is a gap, and no alarm: it is known; taken back, it is an alarm again", async () => {
    const before = await alarmsAt(now);
    const { type: _, ...everyFeed } = statement("outage");
    await addFeedStatement(connection.db, site.siteId, everyFeed);
    expect(await readTask()).toMatchObject({ isCovered: false, outages: [hour] });
    expect(await alarmsAt(now)).toEqual([]);
    await undoFeedStatement(connection.db, viewer, { undoes: everyFeed.id, id: randomUUID(), reason: "wrong day", at: now });
    expect(await readTask()).toMatchObject({ isCovered: true, outages: [] });
    expect(await alarmsAt(now)).toEqual(before);
  });

  test("nothing is recorded without a reason, of a feed that is not there, or twice taken back", async () => {
    const add = (more: Partial<FeedStatement>) => addFeedStatement(connection.db, site.siteId, statement("outage", more));
    await expect(add({ reason: " " })).rejects.toMatchObject({ code: "reason-needed" });
    await expect(add({ source: "erp" })).rejects.toMatchObject({ code: "feed-unknown", fix: "It has: Task from epr." });
    await expect(add({ to: sunday(4) })).rejects.toMatchObject({ code: "not-an-interval" });
    const outage = statement("outage");
    await addFeedStatement(connection.db, site.siteId, outage);
    await addFeedStatement(connection.db, site.siteId, outage);
    // Whoever may not see the site finds nothing to take back.
    const elsewhere = { ...viewer, sites: ["south"] };
    await expect(
      undoFeedStatement(connection.db, elsewhere, { undoes: outage.id, id: randomUUID(), reason: "wrong", at: now }),
    ).rejects.toMatchObject({ code: "statement-not-found" });
    expect((await connection.db.selectFrom("feed_statement").selectAll().execute()).length).toBe(1);
    const undo = () => undoFeedStatement(connection.db, viewer, { undoes: outage.id, id: randomUUID(), reason: "wrong", at: now });
    await undo();
    await expect(undo()).rejects.toMatchObject({ code: "statement-not-found" });
    expect((await connection.db.selectFrom("feed_statement").selectAll().execute()).length).toBe(2);
  });
});
