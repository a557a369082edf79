import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { FeedStatement } from "../../src/domain/feed-statement.ts";
import { addFeedStatement, undoFeedStatement } from "../../src/store/feed-statement.ts";
import { getSite } from "../../src/store/site.ts";
import { commandLineViewer as viewer } from "../../src/domain/viewer.ts";
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

const coverage = Object.fromEntries(
  ["DiagnosticReport", "Observation", "Communication", "AuditEvent", "Task", "Provenance"].map((type) => [
    type,
    [["2026-01-01T00:00:00Z", "2026-03-02T00:00:00Z"] as const],
  ]),
);
const acknowledgedElsewhere = {
  resourceType: "Task",
  id: "seen",
  meta: { versionId: "1", lastUpdated: "2026-01-05T09:00:00Z" },
  status: "completed",
  intent: "order",
  authoredOn: "2026-01-05T08:00:00Z",
  lastModified: "2026-01-05T09:00:00Z",
  focus: { reference: "DiagnosticReport/elsewhere" },
};
const elsewhere = [report("elsewhere", { issued: "2026-01-05T08:30:00Z" }), acknowledgedElsewhere];

/** So many AuditEvents in the hour that begins then, none of which says anything of a report. */
function auditTrail(hour: string, count: number, more: object = {}): object[] {
  return Array.from({ length: count }, (_, place) => ({
    resourceType: "AuditEvent",
    id: `${hour}-${String(place)}`.replace(/\W/g, "-"),
    action: "R",
    recorded: `${hour}:${String(place).padStart(2, "0")}:00Z`,
    agent: [{ who: { reference: "Practitioner/hale" }, requestor: true }],
    entity: [{ what: { reference: "Patient/other" } }],
    ...more,
  }));
}

const sundays = ["2026-02-01", "2026-02-08", "2026-02-15", "2026-02-22"];

test("an hour without one event, where each of four weeks before held twenty, is a gap; where one held nineteen, it is not", async () => {
  // The report of 1 March at nine was due at eleven: the hour from ten is silent.
  for (const fewest of [20, 19]) {
    await truncateAll(connection.db);
    const trail = sundays.flatMap((day, week) => auditTrail(`${day}T10`, week === 1 ? fewest : 20));
    await scanResources(connection, {
      resources: [...elsewhere, report("k"), observation("k", "HH"), ...trail],
      coverage,
      now: "2026-03-01T12:00:00Z",
    });
    const verdict = fewest === 20 ? "k unknown gap 2026-03-01T11:00:00.000Z" : "k missed 2026-03-01T11:00:00.000Z";
    expect(await listVerdicts(connection, "result-unacknowledged")).toContain(verdict);
  }
});

test("a silent hour that somebody accepts is no gap for the next scan; one that somebody enters as an outage is one; taken back, neither", async () => {
  const trail = sundays.flatMap((day) => auditTrail(`${day}T10`, 20));
  const now = "2026-03-01T12:00:00Z";
  await scanResources(connection, { resources: [...elsewhere, report("k"), observation("k", "HH"), ...trail], coverage, now });
  const { siteId } = await getSite(connection.db, "default");
  const hour = { from: Date.parse("2026-03-01T10:00:00Z"), to: Date.parse("2026-03-01T11:00:00Z") };
  const say = async (says: FeedStatement["says"], type: string): Promise<string> => {
    const id = randomUUID();
    const said = { id, says, source: "folder", type, ...hour, reason: "because", actor: "demo", at: hour.to };
    await addFeedStatement(connection.db, siteId, said);
    return id;
  };
  const undo = (undoes: string): Promise<void> =>
    undoFeedStatement(connection.db, viewer, { undoes, id: randomUUID(), reason: "it was not", at: hour.to });
  const judged = async (): Promise<string | undefined> => {
    await scanResources(connection, { now });
    return (await listVerdicts(connection, "result-unacknowledged")).find((verdict) => verdict.startsWith("k "));
  };
  const blind = "k unknown gap 2026-03-01T11:00:00.000Z";
  const seen = "k missed 2026-03-01T11:00:00.000Z";
  expect(await judged()).toBe(blind);
  const accepted = await say("silence-accepted", "AuditEvent");
  expect(await judged()).toBe(seen);
  const outage = await say("outage", "Task");
  expect(await judged()).toBe(blind);
  const [gap] = (await connection.db.selectFrom("loop").select("gaps").where("verdict", "=", "unknown").execute()).flatMap(
    ({ gaps }) => gaps,
  );
  expect(gap).toEqual({ type: "Task", why: "outage", ...hour });
  await undo(outage);
  expect(await judged()).toBe(seen);
  await undo(accepted);
  expect(await judged()).toBe(blind);
});

test("an hour in which five resources of a hundred could not be understood is a gap; four are none", async () => {
  for (const bad of [5, 4]) {
    await truncateAll(connection.db);
    // Without an id a Task cannot be used, and these name nothing that it could be a gap of.
    const unreadable = Array.from({ length: bad }, (_, place) => {
      const { id: _id, ...withoutId } = task(`bad-${String(place)}`, { authoredOn: `2026-03-01T10:0${String(place)}:00Z` });
      return { ...withoutId, meta: { lastUpdated: `2026-03-01T10:0${String(place)}:00Z` } };
    });
    await scanResources(connection, {
      resources: [...elsewhere, report("k"), observation("k", "HH"), ...unreadable],
      coverage,
      now: "2026-03-01T12:00:00Z",
    });
    const verdict = bad === 5 ? "k unknown gap 2026-03-01T11:00:00.000Z" : "k missed 2026-03-01T11:00:00.000Z";
    expect(await listVerdicts(connection, "result-unacknowledged")).toContain(verdict);
  }
});
