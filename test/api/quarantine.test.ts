import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { quarantineAt, refusalOf } from "../store/quarantined-here.ts";
import { scanHospital } from "../store/scanned-hospital.ts";
import { apiHere, type ApiHere } from "./api-here.ts";

interface Listed {
  readonly quarantined: readonly { readonly key: string; readonly site: string; readonly type: string | null; readonly code: string }[];
  readonly counts: readonly { readonly site: string; readonly code: string; readonly type: string | null; readonly count: number }[];
  readonly next: string | null;
}

let connection: Connection;
let api: ApiHere;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
  const unreadable = { type: undefined, code: "not-json", reason: "This line is not JSON.", eventAt: undefined };
  await quarantineAt(connection, "south", refusalOf("{ what", unreadable));
  api = await apiHere(connection);
});
afterAll(async () => {
  await api.close();
  await connection.close();
});

describe("GET quarantine", () => {
  it("lists all of it once over the pages, the newest first, with counts of everything and nothing of what was written", async () => {
    const pages = await api.walk<Listed>("quarantine?limit=2");
    const rows = pages.flatMap((page) => page.quarantined);
    const stored = await connection.db.selectFrom("quarantine").select("quarantine_key").execute();
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
    expect(rows).toHaveLength(stored.length);
    const counted = pages.map(({ counts }) => counts.reduce((sum, { count }) => sum + count, 0));
    expect(counted).toEqual(pages.map(() => stored.length));
    expect(rows.at(-1)).toMatchObject({ site: "south", type: null, code: "not-json", since: null, source: "folder", line: 1 });
    expect(JSON.stringify(pages)).not.toContain("{ what");
  });

  it.each([
    ["site=south", { south: 1 }],
    ["type=unreadable", { south: 1 }],
    ["type=Task&type=unreadable&code=no-id&code=not-json", { north: 1, south: 1 }],
    ["code=nothing-like-it", {}],
    ["site=north&code=not-json", {}],
  ])("narrows by %s", async (query, bySite) => {
    const { body } = await api.get<Listed>(`quarantine?${query}`);
    const found = Object.fromEntries([...Map.groupBy(body.quarantined, ({ site }) => site)].map(([site, rows]) => [site, rows.length]));
    expect(found).toEqual(bySite);
    expect(body.counts.reduce((sum, { count }) => sum + count, 0)).toBe(body.quarantined.length);
  });

  it("refuses a site that is none, and a cursor of another list", async () => {
    const { body } = await api.get<{ next: string }>("runs?limit=1");
    const cursor = new URL(body.next, "http://x").searchParams.get("cursor")!;
    expect(await api.get(`quarantine?cursor=${cursor}`)).toMatchObject({ status: 400, body: { code: "not-a-cursor" } });
    const own = (await api.get<Listed>("quarantine?limit=1")).body.next!;
    const ours = new URL(own, "http://x").searchParams.get("cursor")!;
    expect(await api.get(`runs?cursor=${ours}`)).toMatchObject({ status: 400, body: { code: "not-a-cursor" } });
    expect(await api.get("quarantine?site=nroth")).toMatchObject({ status: 400, body: { code: "unknown-filter-value" } });
  });
});

describe("GET quarantine/{key}", () => {
  it("gives the resource as it was read, and records the look before", async () => {
    const { body } = await api.get<Listed>("quarantine?type=unreadable");
    const key = body.quarantined[0]!.key;
    expect(await api.get(`quarantine/${key}`)).toMatchObject({ status: 200, body: { quarantined: { key }, body: "{ what" } });
    const looks = await connection.db.selectFrom("look").select(["viewer", "how", "loops", "quarantined"]).execute();
    expect(looks).toEqual([{ viewer: "demo", how: "GET quarantined", loops: [], quarantined: [BigInt.asIntN(64, BigInt(`0x${key}`))] }]);
  });

  it.each(["0123456789abcdef", "7", "../runs"])("is a 404 for %s, and no look", async (key) => {
    const looks = await connection.db.selectFrom("look").select("look_id").execute();
    expect(await api.get(`quarantine/${encodeURIComponent(key)}`)).toMatchObject({ status: 404, body: { code: "quarantine-key" } });
    expect(await connection.db.selectFrom("look").select("look_id").execute()).toEqual(looks);
  });
});

describe("POST quarantine/replays", () => {
  it("asks for another try of a site, once while it waits; of some keys beside it", async () => {
    const all = await api.post<{ dueRun: { id: string } }>("quarantine/replays", { site: "north" });
    expect(all).toMatchObject({ status: 202, body: { dueRun: { site: "north", kind: "replay", state: "waiting", keys: null } } });
    expect((await api.post("quarantine/replays", { site: "north" })).body).toEqual(all.body);
    expect((await api.get(all.headers.get("location")!)).body).toEqual(all.body);
    const { body } = await api.get<Listed>("quarantine?site=north&limit=2");
    const keys = body.quarantined.map(({ key }) => key);
    const some = await api.post<{ dueRun: { id: string } }>("quarantine/replays", { site: "north", keys });
    expect(some.body.dueRun).toMatchObject({ keys, state: "waiting" });
    expect(some.body.dueRun.id).not.toBe(all.body.dueRun.id);
  });

  it.each([
    [{ site: "nroth" }, 404, "site-unknown"],
    [{ site: "south", keys: ["0123456789abcdef"] }, 404, "quarantine-key"],
    [{ site: "south", keys: ["x"] }, 404, "quarantine-key"],
    [{ site: "south", keys: [] }, 400, "invalid-request"],
    [{ site: "south", kyes: [] }, 400, "unknown-parameter"],
  ])("refuses %j", async (asked, status, code) => {
    expect(await api.post("quarantine/replays", asked)).toMatchObject({ status, body: { code } });
  });

  it("knows a key of another site for none of this one's", async () => {
    const { body } = await api.get<Listed>("quarantine?site=north&limit=1");
    const keys = body.quarantined.map(({ key }) => key);
    expect(await api.post("quarantine/replays", { site: "south", keys })).toMatchObject({ status: 404, body: { code: "quarantine-key" } });
  });
});
