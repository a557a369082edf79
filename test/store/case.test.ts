import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer as everyone, type Viewer } from "../../src/domain/viewer.ts";
import { listCases, type Case } from "../../src/store/case.ts";
import type { Cursor } from "../../src/store/finding-rows.ts";
import { listFindings } from "../../src/store/finding.ts";
import { recordLook } from "../../src/store/look.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { hospitalNow, scanHospital } from "./scanned-hospital.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
});
afterAll(() => connection.close());

async function inPages(limit: number, viewer: Viewer = everyone): Promise<Case[]> {
  const all: Case[] = [];
  let after: Cursor | undefined;
  do {
    const { cases, next } = await listCases(connection.db, viewer, {}, { limit, ...(after && { after }) });
    expect(cases.length).toBeLessThanOrEqual(limit);
    all.push(...cases);
    after = next;
  } while (after);
  return all;
}

describe("the worklist", () => {
  it("has each case with a missed finding once, with all that is current of it", async () => {
    const { findings } = await listFindings(connection.db, everyone, {}, { limit: 1000 });
    const byCase = Map.groupBy(findings, (finding) => `${finding.site} ${finding.case}`);
    const missed = [...byCase].filter(([, ofCase]) => ofCase.some(({ verdict }) => verdict === "missed"));
    const cases = await inPages(1000);
    expect(cases.map(({ site, key }) => `${site} ${key}`).sort()).toEqual(missed.map(([key]) => key).sort());
    for (const { site, key, findings: ofCase } of cases) {
      expect(ofCase.map(({ id }) => id).sort()).toEqual(
        byCase
          .get(`${site} ${key}`)!
          .map(({ id }) => id)
          .sort(),
      );
      expect(ofCase[0].verdict).toBe("missed");
    }
  });

  it("is the same in pages of any size, the most urgent first", async () => {
    const whole = await inPages(1000);
    expect(await inPages(3)).toEqual(whole);
    expect(await inPages(whole.length)).toEqual(whole);
    // What is known to be dangerous stands before what somebody was in a hurry for.
    const order = [["critical"], ["stat"], ["abnormal", "urgent", "asap"], ["not-said", "routine", ""], ["normal"]];
    const ranks = whole.map(({ findings: [first] }) => order.findIndex((alike) => alike.includes(first.urgency ?? first.priority ?? "")));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(new Set(ranks)).toEqual(new Set([0, 1, 2, 3]));
  });

  it("holds what the viewer may see, and of each case no more than that", async () => {
    const viewer: Viewer = { ...everyone, role: "clinician", teams: ["Organization/medicine"], mayReadRestricted: false };
    const cases = await inPages(1000, viewer);
    const whole = await inPages(1000);
    const mine = (team: string): boolean => ["Organization/medicine", "unassigned"].includes(team);
    expect(cases).toEqual(whole.filter(({ key, findings: [first] }) => mine(first.team) && key !== "DiagnosticReport/restricted"));
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.length).toBeLessThan(whole.length);
  });
});

describe("a look", () => {
  it("is recorded with who, when and what, one row a site, and none where nothing was shown", async () => {
    const { findings } = await listFindings(connection.db, everyone, { verdicts: ["late"] }, { limit: 100 });
    await recordLook(connection.db, everyone, { how: "test", shown: findings, at: hospitalNow }, randomUUID);
    await recordLook(connection.db, everyone, { how: "nothing", shown: [], at: hospitalNow }, randomUUID);
    const looks = await connection.db
      .selectFrom("look")
      .innerJoin("site", "site.site_id", "look.site_id")
      .select(["site.name", "viewer", "at", "how", "loops"])
      .orderBy("site.name")
      .execute();
    const of = (site: string): string[] =>
      findings
        .filter((finding) => finding.site === site)
        .map(({ id }) => id)
        .sort();
    expect(looks.map((look) => ({ ...look, loops: look.loops.toSorted() }))).toEqual([
      { name: "north", viewer: "demo", at: hospitalNow, how: "test", loops: of("north") },
      { name: "west", viewer: "demo", at: hospitalNow, how: "test", loops: of("west") },
    ]);
  });
});
