import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { observation, patient, report, task } from "../store/small-ward.ts";
import { listVerdicts, scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const old = { meta: { versionId: "1", lastUpdated: "2023-01-01T09:00:00Z" }, issued: "2023-01-01T09:00:00Z" };
const now = "2026-03-02T09:00:00Z";

test("records older than the retention line are counted as expired, at every reading; what only carries attributes never is", async () => {
  const resources = [
    report("old", old),
    { ...observation("old", "HH"), ...old },
    patient("old", { meta: old.meta }),
    report("new"),
    observation("new", "HH"),
    task("t"),
  ];
  for (const time of ["first", "second"]) {
    const { feeds } = await scanResources(connection, { resources, now });
    const reports = feeds.find((feed) => feed.type === "DiagnosticReport");
    const isFirst = time === "first";
    expect(reports).toMatchObject({ read: 2, stored: isFirst ? 1 : 0, duplicate: isFirst ? 0 : 1, expired: 1 });
    expect(feeds.filter((feed) => feed.type !== "DiagnosticReport").map((feed) => feed.expired)).toEqual([0, 0, 0]);
  }
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(["new unknown gap 2026-03-01T11:00:00.000Z"]);
});

test("a record of which one version is new is kept whole, and what opened before the line is no loop", async () => {
  const amended = { ...report("old", { status: "amended" }), meta: { versionId: "2", lastUpdated: "2026-03-01T09:00:00Z" } };
  const { feeds } = await scanResources(connection, { resources: [report("old", old), amended, observation("old", "HH"), task("t")], now });
  expect(feeds.find((feed) => feed.type === "DiagnosticReport")).toMatchObject({ read: 2, stored: 2, expired: 0 });
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(["old unknown gap 2026-03-01T11:00:00.000Z"]);
});
