import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer } from "../../src/domain/viewer.ts";
import { listCases, type Case } from "../../src/store/case.ts";
import { examineSite } from "../../src/commands/examine-site.ts";
import { listSites } from "../../src/store/site.ts";
import { listUnknowns } from "../../src/store/unknown.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { hospitalNow, scanHospital } from "../store/scanned-hospital.ts";
import { apiHere, type ApiHere } from "./api-here.ts";

interface Listed {
  readonly id: string;
  readonly atSite?: { readonly isOn: boolean; readonly state: string | null; readonly says: readonly string[] };
}

let connection: Connection;
let api: ApiHere;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
  api = await apiHere(connection);
});
afterAll(async () => {
  await api.close();
  await connection.close();
});

describe("GET cases", () => {
  it("is the worklist, each case once over the pages, the most urgent first, each look recorded", async () => {
    const { cases } = await listCases(connection.db, commandLineViewer, {}, { limit: 1000 });
    await connection.db.deleteFrom("look").execute();
    const pages = await api.walk<{ cases: Case[]; next: string | null }>("cases?limit=4");
    const walked = pages.flatMap((page) => page.cases);
    expect(walked).toEqual(cases);
    const looks = await connection.db.selectFrom("look").select(["how", "at", "loops"]).execute();
    expect(looks.flatMap(({ loops }) => loops).sort()).toEqual(cases.flatMap(({ findings }) => findings.map(({ id }) => id)).sort());
    expect(looks.every(({ how, at }) => how === "GET cases" && at === hospitalNow)).toBe(true);
  });

  it("is narrowed as findings are", async () => {
    const { body } = await api.get<{ cases: Case[] }>("cases?urgency=critical&site=north");
    const { cases } = await listCases(connection.db, commandLineViewer, { urgencies: ["critical"], sites: ["north"] }, { limit: 1000 });
    expect(body.cases).toEqual(cases);
    expect(cases.length).toBeGreaterThan(0);
  });
});

describe("GET cases/{site}/{key}", () => {
  it("is the case by its key, or by any record of it", async () => {
    const { cases } = await listCases(connection.db, commandLineViewer, { sites: ["north"] }, { limit: 1000 });
    const one = cases.find(({ key, findings }) => findings[0].subject !== key)!;
    const byKey = await api.get<{ case: Case }>(`cases/north/${encodeURIComponent(one.key)}`);
    expect(byKey.body.case).toMatchObject({ key: one.key, site: "north" });
    expect(byKey.body.case.findings).toEqual(expect.arrayContaining([...one.findings]));
    expect((await api.get(`cases/north/${encodeURIComponent(one.findings[0].subject)}`)).body).toEqual(byKey.body);
  });

  it.each(["north/ServiceRequest%2Fnone", "south/nonsense", "nroth/ServiceRequest%2Fct-chest", "north/%20"])(
    "is a 404 at %s",
    async (place) => {
      expect(await api.get(`cases/${place}`)).toMatchObject({ status: 404, body: { code: "finding-not-found" } });
    },
  );
});

describe("the other lists", () => {
  it("tell of unknown findings one line a gap", async () => {
    const lines = await listUnknowns(connection.db, commandLineViewer, { sites: ["north"] });
    const { body } = await api.get<{ unknowns: { count: number; gap: { from: string } | null }[] }>("unknowns?site=north");
    expect(body.unknowns.map(({ count, gap }) => [count, gap && Date.parse(gap.from)])).toEqual(
      lines.map(({ count, gap }) => [count, gap?.from ?? null]),
    );
    expect(lines.some(({ gap }) => gap)).toBe(true);
  });

  it("tell of each feed what was read and what was not", async () => {
    const { body } = await api.get<{ feeds: { site: string; type: string }[] }>("feeds?site=north");
    expect(body.feeds.find(({ type }) => type === "Task")).toEqual({
      site: "north",
      source: "folder",
      type: "Task",
      how: ["declared"],
      covered: [
        { from: "2025-12-01T00:00:00Z", to: "2026-02-05T01:00:00Z" },
        { from: "2026-02-05T05:00:00Z", to: "2026-03-16T09:00:00Z" },
      ],
      coveredUntil: "2026-03-16T09:00:00Z",
      gaps: [{ from: "2026-02-05T01:00:00Z", to: "2026-02-05T05:00:00Z" }],
      lastReadAt: "2026-03-16T09:00:00Z",
    });
  });

  it("tell of the series what they measure, and at a site whether each runs there, as the doctor does", async () => {
    const { body } = await api.get<{ series: { id: string; measures: string; per: string; rules: string[] }[] }>("signals");
    expect(body.series.map(({ id, measures, per }) => [id, measures, per])).toEqual([
      ["duplicate-tests", "repeats", "week"],
      ["feed-silence", "records", "hour"],
      ["feed-surge", "records", "hour"],
      ["potassium-shift", "mean-value", "day"],
      ["results-incomplete", "share-without-value", "day"],
    ]);
    for (const { id, measures, per, rules } of body.series) {
      const whole = await api.get<{ signal: { kind: string; series: { rules: { rule: string }[] } } }>(`signals/${id}`);
      expect(whole.body.signal).toMatchObject({ id, kind: "series", series: { number: { what: measures }, per } });
      expect(whole.body.signal.series.rules.map(({ rule }) => rule)).toEqual(rules);
    }
    const site = (await listSites(connection.db)).find(({ name }) => name === "north")!;
    const health = await examineSite(connection, { dataFolder: "", sites: [] }, site, 0);
    const north = await api.get<{ signals: Listed[]; series: Listed[] }>("signals?site=north");
    expect(north.body.series.map(({ id, atSite }) => ({ id, ...atSite }))).toEqual(
      health.series.map(({ id, isOn, state, says }) => ({ site: "north", id, isOn, state, says: [says] })),
    );
    expect(north.body.signals.map(({ id, atSite }) => [id, atSite?.isOn, atSite?.state, atSite?.says.length])).toEqual(
      health.signals.map(({ id, isOn, state, because }) => [id, isOn, state, because.length]),
    );
    expect(await api.get("signals?site=nowhere")).toMatchObject({ status: 400, body: { code: "unknown-filter-value" } });
  });

  it("tell of the signals what they look for", async () => {
    const { body } = await api.get<{ signals: { id: string; kind: string; atSite?: object }[] }>("signals");
    for (const { id } of body.signals) {
      const whole = await api.get<{ signal: object }>(`signals/${id}`);
      expect(whole.body.signal).toMatchObject(body.signals.find((each) => each.id === id)!);
    }
    expect(body.signals.length).toBeGreaterThanOrEqual(5);
    expect(body.signals.filter(({ kind }) => kind === "sequence").map(({ id }) => id)).toContain("task-bounced");
    expect(body.signals.filter(({ atSite }) => atSite !== undefined)).toEqual([]);
    expect(await api.get("signals/task-overdeu")).toMatchObject({
      status: 404,
      body: { code: "signal-unknown", detail: 'There is no signal "task-overdeu". Did you mean "task-overdue"?' },
    });
  });
});
