import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Seen } from "../../src/api/seen.ts";
import { readSeen } from "../../src/api/seen.ts";
import type { Config, SiteConfig } from "../../src/config/config.ts";
import { siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer } from "../../src/domain/viewer.ts";
import { finishRun, startRun } from "../../src/store/run.ts";
import { findSite, getSite } from "../../src/store/site.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { hospitalNow, scanHospital } from "../store/scanned-hospital.ts";
import { apiHere, type ApiHere } from "./api-here.ts";

let connection: Connection;
let api: ApiHere;
let beforeScan: Seen;
const seenBy = async (path: string): Promise<Seen> => (await api.get<{ seen: Seen }>(path)).body.seen;
const lists = ["findings", "cases", "unknowns", "sites", "feeds", "runs", "signals"];

beforeAll(async () => {
  connection = await scratchDatabase();
  api = await apiHere(connection);
  beforeScan = await seenBy("findings");
  await scanHospital(connection);
});
const laterRuns: string[] = [];
afterEach(async () => {
  if (laterRuns.length > 0) await connection.db.deleteFrom("run").where("run_id", "in", laterRuns.splice(0)).execute();
  await connection.db.deleteFrom("site").where("name", "=", "east").execute();
});
afterAll(async () => {
  await api.close();
  await connection.close();
});

async function runLater(site: string, kind: string, state: "failed" | "complete" | "running"): Promise<void> {
  const { siteId } = await getSite(connection.db, site);
  const id = randomUUID();
  laterRuns.push(id);
  await startRun(connection.db, { id, siteId, kind, startedAt: hospitalNow + 3_600_000 });
  if (state !== "running")
    await finishRun(connection.db, id, { now: hospitalNow, finishedAt: hospitalNow + 3_660_000, state, summary: null });
}

const configured = (...sites: SiteConfig[]): Pick<Config, "sites" | "dataFolder"> => ({ dataFolder: "", sites });
const siteOf = (name: string, more: Partial<SiteConfig> = {}): SiteConfig => ({
  ...siteConfig({ dataFolder: "", sites: [] }, name),
  ...more,
});

describe("what a list says of what was seen", () => {
  it("before any scan: nothing", () => {
    expect(beforeScan).toEqual({
      complete: false,
      upTo: null,
      warning: "Nothing has been scanned yet, so an empty list says nothing.",
      sites: [],
    });
  });

  it("is complete, as at when the site was judged, where all that its signals need was seen", async () => {
    const { signals } = (await seenBy("findings?site=south")).sites[0]!;
    expect(await seenBy("findings?site=south&status=closed")).toEqual({
      complete: true,
      upTo: "2026-03-16T09:00:00Z",
      warning: null,
      sites: [
        {
          site: "south",
          judgedAt: "2026-03-16T09:00:00Z",
          complete: true,
          says: [],
          notSeen: [],
          signals,
          failedAt: null,
          runningSince: null,
        },
      ],
    });
    expect(signals.toSorted()).toEqual([
      "critical-uncommunicated",
      "order-unresulted",
      "result-no-action",
      "result-unacknowledged",
      "task-overdue",
    ]);
  });

  it.each(lists)("warns with %s, for one site that did not see everything, which and of what", async (list) => {
    const seen = await seenBy(list);
    expect(seen).toMatchObject({ complete: false, upTo: "2026-03-16T09:00:00Z" });
    expect(seen.warning).toMatch(/^Not everything was seen: what is not listed may have been missed all the same\. north: .* west: /);
    const hours = [{ from: "2026-02-05T01:00:00Z", to: "2026-02-05T05:00:00Z" }];
    expect(seen.sites.map(({ site, complete, notSeen }) => ({ site, complete, notSeen }))).toEqual([
      { site: "north", complete: false, notSeen: ["AuditEvent", "Provenance", "Task"].map((type) => ({ type, intervals: hours })) },
      { site: "south", complete: true, notSeen: [] },
      {
        site: "west",
        complete: false,
        notSeen: [{ type: "Communication", intervals: [{ from: "2026-03-16T02:00:00Z", to: "2026-03-16T09:00:00Z" }] }],
      },
    ]);
    expect(seen.sites[0]!.says).toContain("AuditEvent, Provenance, Task were not read from 2026-02-05 01:00 to 05:00 UTC.");
  });

  it("of a site that is configured, and has never been read, is nothing", async () => {
    const other = await apiHere(connection, { config: configured(siteOf("south"), siteOf("east")) });
    const { seen } = (await other.get<{ seen: Seen }>("findings?site=south&site=east")).body;
    expect(seen).toMatchObject({
      complete: false,
      upTo: null,
      sites: [
        { site: "south", complete: true },
        { site: "east", judgedAt: null, complete: false },
      ],
    });
    expect(seen.warning).toContain("east: Never judged, so nothing is known.");
    expect((await other.get<{ sites: unknown[] }>("sites")).body.sites).toContainEqual({
      site: "east",
      judgedAt: null,
      latestRecordAt: null,
      complete: false,
      latestRun: null,
    });
    await other.close();
  });

  it("of a site that was read and never judged is nothing", async () => {
    await runLater("east", "pull", "complete");
    expect(await seenBy("findings?site=east")).toMatchObject({
      complete: false,
      upTo: null,
      sites: [{ says: ["Never judged, so nothing is known."] }],
    });
  });

  it("is incomplete where a later scan failed, and says since when", async () => {
    await runLater("south", "scan", "failed");
    expect(await seenBy("cases?site=south")).toMatchObject({
      complete: false,
      upTo: "2026-03-16T09:00:00Z",
      warning:
        "Not everything was seen: what is not listed may have been missed all the same. south: A later scan, begun 2026-03-16T10:00:00Z, failed.",
      sites: [{ failedAt: "2026-03-16T10:00:00Z" }],
    });
  });

  it("is still what it was while a scan runs, and says that one does", async () => {
    await runLater("south", "scan", "running");
    expect(await seenBy("findings?site=south")).toMatchObject({ complete: true, sites: [{ runningSince: "2026-03-16T10:00:00Z" }] });
  });

  it("is incomplete for a signal that was not looked for there, asked for or switched on", async () => {
    const site = (await findSite(connection.db, "south"))!;
    const run = await connection.db
      .selectFrom("run")
      .select(["run_id", "summary"])
      .where("site_id", "=", site.siteId)
      .executeTakeFirstOrThrow();
    const summary = run.summary as { signals: { id: string }[] };
    const without = { ...summary, signals: summary.signals.filter(({ id }) => id !== "task-overdue") };
    const write = (value: object) =>
      connection.db
        .updateTable("run")
        .set({ summary: JSON.stringify(value) })
        .where("run_id", "=", run.run_id)
        .execute();
    await write(without);
    const says = ["Not looked for: task-overdue (switched off, or nothing that could end what it looks for is read)."];
    expect(await seenBy("findings?site=south&signal=task-overdue")).toMatchObject({ complete: false, sites: [{ says }] });
    expect(await seenBy("findings?site=south")).toMatchObject({ complete: false, sites: [{ says }] });
    expect(await seenBy("findings?site=south&signal=result-no-action")).toMatchObject({ complete: true });
    const off = { config: configured(siteOf("south", { signals: { "task-overdue": { enabled: false } } })) };
    const { complete } = await readSeen({ db: connection.db, ...off }, commandLineViewer, { sites: ["south"] });
    expect(complete).toBe(true);
    await write(summary);
  });

  it("names no site that the viewer may not see", async () => {
    const parts = { db: connection.db, config: configured(siteOf("east")) };
    const seen = await readSeen(parts, { ...commandLineViewer, sites: ["south"] }, {});
    expect(seen.sites.map(({ site }) => site)).toEqual(["south"]);
  });
});
