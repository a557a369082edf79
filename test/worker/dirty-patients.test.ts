import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { getSite } from "../../src/store/site.ts";
import { listDirtyPatients, queuePatients, unqueuePatients } from "../../src/worker/dirty-patients.ts";
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
  const [first, second, third] = [
    { patient: 5n, from: at(2) },
    { patient: -7n, from: at(3) },
    { patient: 8n, from: at(3) },
  ] as const;
  await queuePatients(db, siteId, [third, second, first]);
  expect(await listDirtyPatients(db, siteId, 2)).toEqual([first, second]);
  expect(await listDirtyPatients(db, siteId, 2, second)).toEqual([third]);
  await queuePatients(db, siteId, [{ patient: -7n, from: at(1) }]);
  await unqueuePatients(db, [first, second]);
  expect(await listDirtyPatients(db, siteId, 9)).toEqual([{ patient: -7n, from: at(1) }, third]);
});
