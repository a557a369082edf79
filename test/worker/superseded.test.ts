import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { listVerdicts, scanResources } from "./scan-resources.ts";

const connection: Connection = await scratchDatabase();
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const now = "2026-04-01T00:00:00Z";
const span = [["2026-03-01T00:00:00Z", now]] as const;
const coverage = { Task: span, DiagnosticReport: span, AuditEvent: span };

/** Requested on 2 March, due on the 16th; another Task was completed, so that this EPR is known to say so. */
const task = (versionId: string, more: object) => ({
  resourceType: "Task",
  id: "t",
  meta: { versionId },
  intent: "order",
  for: { reference: "Patient/p" },
  authoredOn: "2026-03-02T09:00:00Z",
  ...more,
});
const first = task("1", { status: "requested", lastModified: "2026-03-02T09:00:00Z" });
const second = task("2", { status: "completed", lastModified: "12:011:30" });
const done = { ...task("1", { status: "completed" }), id: "other", lastModified: "2026-03-03T09:00:00Z" };

const scan = (...resources: object[]) => scanResources(connection, { resources, coverage, now });
const verdict = async () => (await listVerdicts(connection, "task-overdue")).filter((each) => each.startsWith("t "));
const held = async () => (await connection.db.selectFrom("quarantine").select("type").execute()).map(({ type }) => type);

describe("a version in quarantine", () => {
  test("is a gap, also when a later version was read well: what it said is still not known", async () => {
    await scan(first, second, done);
    expect([await held(), await verdict()]).toEqual([["Task"], [expect.stringContaining("unknown gap")]]);
    await scan(task("3", { status: "on-hold", lastModified: "2026-03-20T09:00:00Z" }));
    expect([await held(), await verdict()]).toEqual([["Task"], [expect.stringContaining("unknown gap")]]);
  });

  test.each(["before", "after"])("is superseded by the same version, read well %s it", async (when) => {
    const good = task("2", { status: "completed", lastModified: "2026-03-04T09:00:00Z" });
    const [one, other] = when === "after" ? [second, good] : [good, second];
    await scan(first, one, done);
    await scan(other);
    expect([await held(), await verdict()]).toEqual([[], [expect.stringContaining("met")]]);
    const hours = await connection.db.selectFrom("feed_hour").select("unreadable").where("unreadable", ">", 0).execute();
    expect(hours).toEqual([]);
  });

  test("of what is written once is superseded by any reading of it", async () => {
    const audit = { resourceType: "AuditEvent", id: "a", agent: [], entity: [{ what: { reference: "Patient/p" } }] };
    await scan({ ...audit, recorded: "yesterday" });
    expect(await held()).toEqual(["AuditEvent"]);
    await scan({ ...audit, recorded: "2026-03-04T09:00:00Z" });
    expect(await held()).toEqual([]);
  });

  test("without a version id is superseded by nothing but a replay", async () => {
    const { meta: _, ...bare } = second;
    const { meta: _also, ...good } = task("2", { status: "completed", lastModified: "2026-03-04T09:00:00Z" });
    await scan(first, bare, done);
    await scan(good);
    expect(await held()).toEqual(["Task"]);
  });
});
