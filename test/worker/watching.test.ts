import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { observation, report, task } from "../store/small-ward.ts";
import { listVerdicts, scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const resources = [report("k"), observation("k", "HH"), task("t")];
const covered = { DiagnosticReport: [["2026-02-01T00:00:00Z", "2026-03-02T00:00:00Z"] as const] };

test("a run that watched nothing says so: no opening feed is covered", async () => {
  const { run, signals } = await scanResources(connection, {
    resources,
    coverage: { DiagnosticReport: [], Task: [] },
    now: "2026-03-02T00:00:00Z",
  });
  expect([run.state, run.watchFrom]).toEqual(["incomplete", undefined]);
  expect(signals.map(({ runs }) => runs)).not.toContain("yes");
  // What opened is not put aside as opened before anybody watched.
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(["k unknown gap 2026-03-01T11:00:00.000Z"]);
});

test("a run that watched nothing says so: it is judged before watching starts", async () => {
  const { run } = await scanResources(connection, { resources, coverage: covered, now: "2026-01-01T00:00:00Z" });
  expect(run.state).toBe("incomplete");
});
