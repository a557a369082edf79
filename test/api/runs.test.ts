import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SiteConfig } from "../../src/config/config.ts";
import { siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { hospitalNow, scanHospital } from "../store/scanned-hospital.ts";
import { apiHere, type ApiHere } from "./api-here.ts";

interface ShownRun {
  readonly id: string;
  readonly site: string;
}

interface ShownDueRun {
  readonly dueRun: { readonly id: string };
}

let connection: Connection;
let api: ApiHere;
const site: SiteConfig = { ...siteConfig({ dataFolder: "", sites: [] }, "east"), sources: [{ name: "folder", folder: "/nowhere" }] };
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
  api = await apiHere(connection, { config: { dataFolder: "", sites: [site] } });
});
afterAll(async () => {
  await api.close();
  await connection.close();
});

describe("runs", () => {
  it("are listed once over the pages, those that began at one instant too, and by site", async () => {
    const pages = await api.walk<{ runs: ShownRun[]; next: string | null }>("runs?limit=1");
    const runs = pages.flatMap((page) => page.runs);
    expect(runs.map((run) => run.site).sort()).toEqual(["north", "south", "west"]);
    expect((await api.get("runs?site=south")).body).toMatchObject({
      runs: [{ site: "south", kind: "scan", state: "complete", now: "2026-03-16T09:00:00Z", startedAt: "2026-03-16T09:00:00Z" }],
      next: null,
    });
  });

  it("say whole what they read, decided and could not see", async () => {
    const { body } = await api.get<{ runs: ShownRun[] }>("runs?site=north");
    const run = await api.get(`runs/${body.runs[0]!.id}`);
    expect(run.body).toMatchObject({
      run: body.runs[0],
      summary: {
        run: { id: body.runs[0]!.id, state: "incomplete", now: "2026-03-16T09:00:00.000Z" },
        feeds: expect.arrayContaining([
          expect.objectContaining({ type: "Task", gaps: [{ from: "2026-02-05T01:00:00.000Z", to: "2026-02-05T05:00:00.000Z" }] }),
        ]) as unknown,
      },
    });
  });

  it.each([randomUUID(), "7"])("are a 404 where there is no %s", async (id) => {
    expect(await api.get(`runs/${id}`)).toMatchObject({ status: 404, body: { code: "run-not-found" } });
    expect(await api.get(`due-runs/${id}`)).toMatchObject({ status: 404, body: { code: "run-not-found" } });
  });
});

describe("POST runs", () => {
  it("asks for a run, and says where to see what becomes of it; asked again while it waits, it is that one", async () => {
    const { status, body, headers } = await api.post<ShownDueRun>("runs", { site: "east" });
    expect(status).toBe(202);
    expect(body.dueRun).toEqual({
      id: expect.any(String) as unknown,
      site: "east",
      kind: "increment",
      dueAt: new Date(hospitalNow).toISOString().replace(".000", ""),
      askedBy: "demo",
      state: "waiting",
      runId: null,
      keys: null,
    });
    expect((await api.get(headers.get("location")!)).body).toEqual(body);
    expect((await api.post("runs", { site: "east" })).body).toEqual(body);
    expect((await api.post<ShownDueRun>("runs", { site: "east", kind: "reconcile" })).body.dueRun.id).not.toBe(body.dueRun.id);
  });

  it.each([
    ["a site that there is not", { site: "esat" }, 404, "site-unknown", 'There is no site "esat". Did you mean "east"?'],
    ["a site without a source", { site: "north" }, 409, "nothing-to-read", expect.stringContaining('no source of the site "north"')],
    ["no site", {}, 400, "invalid-request", expect.stringMatching(/^site: /)],
    ["a kind that there is not", { site: "east", kind: "rebuild" }, 400, "invalid-request", expect.stringMatching(/^kind: /)],
    ["an id that is none", { site: "east", id: "7" }, 400, "invalid-request", "id: It is no id (a UUID)."],
    ["an unknown field", { sites: "east" }, 400, "unknown-parameter", 'There is no field "sites" here. Did you mean "site"?'],
  ])("refuses %s", async (_, body, status, code, detail) => {
    const before = await connection.db.selectFrom("due_run").selectAll().execute();
    expect(await api.post("runs", body)).toMatchObject({ status, body: { code, detail: detail as unknown } });
    expect(await connection.db.selectFrom("due_run").selectAll().execute()).toEqual(before);
  });
});
