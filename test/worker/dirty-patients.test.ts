import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { getSite } from "../../src/store/site.ts";
import { listDirtyPatients, queuePatients, unqueuePatients, type DirtyPatient } from "../../src/worker/dirty-patients.ts";
import { scratchDatabase } from "../db/scratch-database.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

test("who is queued from an earlier instant while being judged stays queued, and the next are told apart from those before", async () => {
  const { db } = connection;
  const { siteId } = await getSite(db, "default");
  const at = (day: number): number => Date.UTC(2026, 2, day);
  const now = at(20);
  const [first, second, third] = [
    { patient: 5n, from: at(2) },
    { patient: -7n, from: at(3) },
    { patient: 8n, from: at(3) },
  ] as const;
  await queuePatients(db, siteId, [third, second, first]);
  expect(await listDirtyPatients(db, siteId, { limit: 2, now })).toEqual([first, second]);
  expect(await listDirtyPatients(db, siteId, { limit: 2, now, after: second })).toEqual([third]);
  await queuePatients(db, siteId, [{ patient: -7n, from: at(1) }]);
  await unqueuePatients(db, [first, second]);
  expect(await listDirtyPatients(db, siteId, { limit: 9, now })).toEqual([{ patient: -7n, from: at(1) }, third]);
});

test("starts all over ten years are few stretches, none of which is half as long again as from its last start to now", async () => {
  const { db } = connection;
  const { siteId } = await getSite(db, "years");
  const now = Date.UTC(2026, 0, 31);
  const starts = Array.from({ length: 120 }, (_, month) => ({ patient: BigInt(100 + month), from: Date.UTC(2016, 1 + month) }));
  await queuePatients(db, siteId, starts);
  const stretches: DirtyPatient[][] = [];
  for (let after: DirtyPatient | undefined; ; after = stretches.at(-1)?.at(-1)) {
    const next = await listDirtyPatients(db, siteId, { limit: 200, now, after });
    if (next.length === 0) break;
    stretches.push(next);
  }
  expect(stretches.flat()).toEqual(starts);
  expect(stretches.length).toBe(10);
  for (const stretch of stretches) expect(now - stretch[0]!.from).toBeLessThanOrEqual(1.5 * (now - stretch.at(-1)!.from));
});
