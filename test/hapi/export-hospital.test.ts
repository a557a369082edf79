import { setTimeout as sleepFor } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { loopLines } from "../fixtures/site-loops.ts";
import { hospitalNow, hospitalSince } from "../store/scanned-hospital.ts";
import { emptyHapi } from "./ask-hapi.ts";
import { loadHospital } from "./load-hospital.ts";
import { scanHapi } from "./scan-hapi.ts";

const base = inject("hapiBase");
let connection: Connection;

beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

// HAPI asks for two minutes between questions, and has finished in seconds.
const patience = { sleep: (ms: number) => sleepFor(Math.min(ms, 500)) };
const source = { name: "server", url: base, lagMs: 0, bulk: { level: "system", waitMs: 86_400_000, fileHosts: [] } } as const;
const when = { now: hospitalNow, since: hospitalSince };

test("the export of a site from HAPI ends in the loops, with the ids, of its search", async () => {
  await emptyHapi(base);
  await loadHospital(base, "north");
  const searched = await scanHapi(connection, "north", when);
  const [lines, read] = [await loopLines(connection, "north"), readOf(searched)];
  expect(lines.length).toBeGreaterThan(100);
  await truncateAll(connection.db);
  const exported = await scanHapi(connection, "north", { ...when, sources: [source], patience });
  expect(exported.run).toMatchObject({ state: searched.run.state, notes: { failedWindows: [], notOffered: [], serverRemarks: [] } });
  expect(readOf(exported)).toEqual(read);
  expect(await loopLines(connection, "north")).toEqual(lines);
  expect(await connection.db.selectFrom("bulk_export").selectAll().execute()).toEqual([]);
  // What was written within the overlap comes again: of one type, for each of its records' histories is asked for.
  const again = await scanHapi(connection, "north", { ...when, sources: [{ ...source, types: ["Task"] }], patience });
  expect([again.run.notes.failedWindows, readOf(again)]).toEqual([[], { Task: 0 }]);
});

/** How many versions of each type are held anew. */
function readOf({ feeds }: Awaited<ReturnType<typeof scanHapi>>): Record<string, number> {
  return Object.fromEntries(feeds.filter(({ read }) => read > 0).map(({ type, stored }) => [type, stored]));
}
