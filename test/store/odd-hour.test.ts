import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { listOddHours, weighHours, type OddHour } from "../../src/store/odd-hour.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const siteId = 1;
const hourMs = 3_600_000;
const start = Date.parse("2026-01-05T09:00:00Z");
/** Across the night in which the clocks go forward: a week is 168 hours here, whatever they say. */
const weeks = 14;

interface Held {
  readonly understood: number;
  readonly unreadable: number;
}

/** As a pull counts an hour. */
async function write(at: number, { understood, unreadable }: Held): Promise<void> {
  await sql`insert into feed_hour as held (site_id, source, type, hour_at, understood, unreadable)
    values (${siteId}, 'ehr', 'AuditEvent', ${new Date(at).toISOString()}::timestamptz, ${understood}, ${unreadable})
    on conflict (site_id, source, type, hour_at) do update set weighed = false, understood = excluded.understood, unreadable = excluded.unreadable`.execute(
    connection.db,
  );
}

/** By the words of the rule, from everything that is held. */
function oddOf(held: ReadonlyMap<number, Held>): string[] {
  const busy = (at: number): boolean => (held.get(at)?.understood ?? 0) >= 20;
  const all = Array.from({ length: 3 * (weeks + 5) }, (_, place) => hourOf(place % 3, Math.floor(place / 3)));
  return all.flatMap((at) => {
    const { understood = 0, unreadable = 0 } = held.get(at) ?? {};
    const isSilent = understood + unreadable === 0 && [1, 2, 3, 4].every((week) => busy(at - week * 168 * hourMs));
    const isUnreadable = unreadable >= 5 && unreadable > 0.01 * (understood + unreadable);
    return isSilent ? [show({ at, why: "silent" })] : isUnreadable ? [show({ at, why: "unreadable" })] : [];
  });
}

function hourOf(hour: number, week: number): number {
  return start + hour * hourMs + week * 168 * hourMs;
}

function show({ at, why }: Pick<OddHour, "at" | "why">): string {
  return `${new Date(at).toISOString()} ${why}`;
}

async function listed(): Promise<string[]> {
  return (await listOddHours(connection.db, siteId)).map(show).sort();
}

/** Numbers in [0, 1), the same every time. */
function* dice(): Generator<number, never> {
  for (let state = 7; ;) yield (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

test("hours that come in any order, and again, are odd as the rule says of all of them, before and after they are weighed", async () => {
  const held = new Map<number, Held>();
  const rolls = dice();
  const roll = (): number => rolls.next().value;
  const kinds = new Set<string>();
  for (let round = 0; round < 6; round += 1) {
    for (let written = 0; written < 12; written += 1) {
      const at = hourOf(Math.floor(roll() * 3), Math.floor(roll() * weeks));
      const hour = {
        understood: [0, 19, 20, 20, 20, 700][Math.floor(roll() * 6)]!,
        unreadable: [0, 0, 0, 4, 5, 8][Math.floor(roll() * 6)]!,
      };
      held.set(at, hour);
      await write(at, hour);
    }
    const odd = oddOf(held).sort();
    for (const each of odd) kinds.add(each.split(" ")[1]!);
    expect(await listed()).toEqual(odd);
    if (round % 2 === 1) await weighHours(connection.db, siteId);
    expect(await listed()).toEqual(odd);
  }
  expect(kinds).toEqual(new Set(["silent", "unreadable"]));
});

test("what was weighed is not read again: of years of hours a scan looks at those that it wrote", async () => {
  for (const week of [1, 2, 3]) await write(hourOf(0, week), { understood: 20, unreadable: 0 });
  await write(hourOf(1, 0), { understood: 10, unreadable: 5 });
  await weighHours(connection.db, siteId);
  // Late: it tells of an hour four weeks on.
  await write(hourOf(0, 0), { understood: 20, unreadable: 0 });
  const odd = [show({ at: hourOf(1, 0), why: "unreadable" }), show({ at: hourOf(0, 4), why: "silent" })].sort();
  await weighHours(connection.db, siteId);
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from feed_hour where not weighed`.execute(connection.db);
  expect(rows).toEqual([{ count: 0 }]);
  // Were they read, there would be nothing to tell it from.
  await connection.db.deleteFrom("feed_hour").execute();
  expect(await listed()).toEqual(odd);
  // What comes is weighed with what is told of it.
  await write(hourOf(0, 4), { understood: 1, unreadable: 0 });
  await weighHours(connection.db, siteId);
  expect(await listed()).toEqual(odd.slice(0, 1));
});
