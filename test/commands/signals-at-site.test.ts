import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { register as registerDoctor } from "../../src/commands/doctor.ts";
import { register as registerScan } from "../../src/commands/scan.ts";
import { register as registerSignals } from "../../src/commands/signals.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { settingProblems } from "../../src/signals/setting-problems.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { signalText } from "../signals/signal-text.ts";
import { task } from "../store/small-ward.ts";
import { listVerdicts } from "../worker/scan-resources.ts";
import { runInProcess } from "./run-in-process.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

/** A site with one limit of its own, another tier, a signal turned off, and one of its own. */
function configured(limit: string): Config {
  const done = task("done", { status: "completed", executionPeriod: { end: "2026-03-01T10:30:00Z" } });
  const folder = makeFolder({
    "followthrough.yaml": `sites:
  - name: ward
    sources: [{ name: folder, folder: ./records }]
    ownSignals: ./signals
    signals:
      task-overdue: { limits: { first: [{ where: { priority: stat }, within: ${limit}, basis: "policy 12" }] } }
      task-bounced: { tier: surveillance }
      order-unresulted: { enabled: false }
      small-signal: { enabled: true }
`,
    "signals/small.yaml": signalText(),
    "records/records.ndjson": [done, task("open")].map((each) => JSON.stringify(each)).join("\n"),
    "records/coverage.json": JSON.stringify({ Task: [["2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"]] }),
  });
  return loadConfig({ file: join(folder, "followthrough.yaml"), env: {}, checkSignals: settingProblems });
}

test("a site's configuration is listed, shown and tested as the site would run it, and backtested before it judges anything", async () => {
  const [config, stricter] = [configured("PT2H"), configured("PT20M")];
  const run = async (...args: string[]) => (await runInProcess(connection, registerSignals, ["signals", ...args], config)).out;
  const listed = JSON.parse(await run("list", "--site", "ward", "--json")) as Record<string, unknown>[];
  expect(listed.filter(({ own, changes }) => own === true || (changes as string[]).length > 0)).toEqual([
    expect.objectContaining({ id: "small-signal", on: true, own: true, changes: [] }),
    expect.objectContaining({ id: "task-bounced", on: false, tier: "surveillance", changes: ["its tier (experimental in its file)"] }),
    expect.objectContaining({ id: "task-overdue", on: true, changes: ["its limits"] }),
  ]);
  expect(listed.find(({ id }) => id === "order-unresulted")?.["on"]).toBe(false);
  const shown = await run("show", "task-overdue", "--site", "ward");
  expect(shown).toMatch(/At this site\n {2}Changed by the site's configuration: its limits\.\n/);
  expect(shown).toMatch(/stat priority +2 hours +policy 12\n {2}with a due date/);

  const tested = await runInProcess(connection, registerSignals, ["signals", "test", "--site", "ward", "--json"], config);
  const results = JSON.parse(tested.out) as { signal: string; passed: boolean; changed: boolean }[];
  expect(tested.code).toBe(0);
  expect(new Set(results.filter(({ changed }) => changed).map(({ signal }) => signal))).toEqual(new Set(["task-overdue"]));
  expect(results.filter(({ passed, changed }) => !passed && !changed)).toEqual([]);
  expect(results.filter(({ signal }) => signal === "small-signal").length).toBe(1);

  await runInProcess(connection, registerScan, ["scan", "--now", "2026-03-10T00:00:00Z"], config);
  expect((await listVerdicts(connection, "task-overdue")).map((each) => each.slice(0, 29))).toEqual([
    "done met 2026-03-01T12:00:00.",
    "open missed 2026-03-01T12:00:",
  ]);
  expect((await listVerdicts(connection, "small-signal")).length).toBe(2);
  expect(await listVerdicts(connection, "order-unresulted")).toEqual([]);
  const printed = await run("show", "task-overdue", "--sql", "--site", "ward");
  const { rows } = await sql<{ activity: string; at: number }>`${sql.raw(printed)}`.execute(connection.db);
  expect(rows.map(({ activity }) => activity).sort()).toEqual(["task.completed", "task.requested", "task.requested"]);
  expect(printed).toMatch(/^-- ward: Every event that may open, close, .*\nselect "patient_key", .*\n {2}from "care_event"\n/);
  expect(printed).not.toMatch(/\$\d/);
  // Codes, and what counts from before the retention line.
  const coded = await run("show", "trigger-fit", "--sql", "--site", "ward");
  expect(coded.match(/^select/gm)?.length).toBe(2);
  expect(coded).toMatch(/activity <> 'observation\.resulted'::activity or exists .*"http:\/\/loinc\.org\|/s);
  await sql`${sql.raw(coded)}`.execute(connection.db);
  expect(printed).toContain("-- What is decided of these rows is decided by one function, detectPatient");

  const backtested = await runInProcess(connection, registerSignals, ["signals", "backtest", "task-overdue", "--json"], stricter);
  expect(JSON.parse(backtested.out)).toEqual([
    expect.objectContaining({
      site: "ward",
      verdicts: { missed: 1, late: 1 },
      against: expect.objectContaining({ changed: 2 }) as unknown,
    }),
  ]);
});

test("doctor tells that a site's holidays have ended, where a limit counts by them", async () => {
  const settings = (calendar: string) => {
    const yaml = `sites:
  - name: ward
    signals: { task-overdue: { limits: [{ within: 3 working days, basis: "policy 12" }] } }
    calendar: ${calendar}
`;
    return loadConfig({ file: join(makeFolder({ "followthrough.yaml": yaml }), "followthrough.yaml"), env: {} });
  };
  const doctor = async (calendar: string, ...args: string[]) =>
    (await runInProcess(connection, registerDoctor, ["doctor", "--site", "ward", ...args], settings(calendar))).out;
  const ended = await doctor("{ holidays: [2025-12-25] }");
  expect(ended.replace(/\s+/g, " ")).toContain(
    "The site's calendar names no holiday in 2026: its working days count as if there were none",
  );
  expect(await doctor("{ holidays: { add: [2026-12-24] } }")).not.toContain("holiday");
  const json = JSON.parse(await doctor("{ holidays: [2025-12-25] }", "--json")) as { sites: { endedHolidays: object }[] };
  expect(json.sites.map(({ endedHolidays }) => endedHolidays)).toEqual([{ years: [2026], signals: ["task-overdue"] }]);
});

test("a signal's file is tested before it is configured: its examples, and what else it must have", async () => {
  const folder = makeFolder({ "mine.yaml": signalText(["tier: experimental", "tier: worklist"], ["verdict: missed", "verdict: late"]) });
  const { out, code } = await runInProcess(connection, registerSignals, ["signals", "test", join(folder, "mine.yaml")]);
  expect(code).toBe(1);
  expect(out).toMatch(/small-signal: not done for two days\n {2}expected:\n {4}late\n {2}detected:\n/);
  expect(out).toContain("A signal of tier worklist has at least 8 examples; this one has 1.");
  expect(out).toContain("0 examples of 1 signal passed, 1 failed.");
});

test("a site that the configuration does not name is not taken for one without settings", async () => {
  await expect(runInProcess(connection, registerSignals, ["signals", "list", "--site", "wrad"], configured("PT2H"))).rejects.toThrow(
    /names no site "wrad"\. Did you mean "ward"\?/,
  );
});
