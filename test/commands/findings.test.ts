import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findingsCsv } from "../../src/commands/findings-csv.ts";
import { inWords } from "../../src/domain/in-words.ts";
import { register } from "../../src/commands/findings.ts";
import type { Config, SiteConfig } from "../../src/config/config.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { commandLineViewer } from "../../src/domain/viewer.ts";
import { listFindings } from "../../src/store/finding.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { hospitalNow, scanHospital } from "../store/scanned-hospital.ts";
import { runInProcess, type Ran } from "./run-in-process.ts";

let connection: Connection;
let beforeScan: Ran;
const run = (args: readonly string[] = [], config: Partial<Config> = {}): Promise<Ran> =>
  runInProcess(connection, register, ["findings", ...args], config);
const json = async (...args: string[]): Promise<Finding[]> =>
  (await run(["--json", ...args])).out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Finding);

beforeAll(async () => {
  connection = await scratchDatabase();
  beforeScan = await run();
  await scanHospital(connection);
});
afterAll(() => connection.close());

/** Rows by column name; quoted cells hold commas, quotes and line breaks. */
function readCsv(text: string): Record<string, string>[] {
  const lines = [...text.matchAll(/(?:"(?:[^"]|"")*"|[^"\n])+/g)].map(([line]) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? ""),
  );
  const [head, ...rows] = lines;
  return rows.map((cells) => Object.fromEntries(head!.map((column, place) => [column, cells[place]!])));
}

describe("findings", () => {
  it("says before any scan what to do first", () => {
    expect(beforeScan).toMatchObject({ err: "", code: 0 });
    expect(beforeScan.out).toMatch(/^Nothing has been scanned yet\. Read some records first: .* scan --from FOLDER/);
  });

  it("writes each finding of the worklist as one JSON object a line, the most urgent first", async () => {
    const { findings } = await listFindings(connection.db, commandLineViewer, {}, { limit: 1000, order: "urgency" });
    expect(await json()).toEqual(findings);
    expect(await json("--limit", "3")).toEqual(findings.slice(0, 3));
    expect(await json("--site", "south", "west", "--verdict", "late", "--urgency", "abnormal")).toEqual(
      findings.filter(({ site, verdict, urgency }) => site === "west" && verdict === "late" && urgency === "abnormal"),
    );
    expect(await json("--id", findings[4]!.id)).toEqual([findings[4]]);
  });

  it("takes dates for the times between which it looks", async () => {
    const all = await json("--all");
    const due = await json("--all", "--due-from", "2026-03-12", "--due-to", "2026-03-13T00:00:00Z");
    expect(due).toEqual(all.filter(({ dueAt }) => dueAt !== null && dueAt >= "2026-03-12" && dueAt < "2026-03-13"));
    expect(due.length).toBeGreaterThan(0);
  });

  it("leaves out the test patients that the configuration lists", async () => {
    const sites = [{ name: "north", testPatients: ["Patient/potassium-7-1"] }] as unknown as SiteConfig[];
    const { out } = await run(["--json"], { sites });
    expect((await json()).length - out.split("\n").filter(Boolean).length).toBe(2);
  });

  it("warns beside the output, and by its exit code, that not everything was seen", async () => {
    const seen = await run(["--json", "--site", "south"]);
    expect([seen.err, seen.code]).toEqual(["", 0]);
    const blind = await run(["--json", "--site", "north", "--status", "closed"]);
    expect([blind.out, blind.code]).toEqual(["", 3]);
    expect(blind.err).toBe(
      "What is not listed may have been missed all the same:\nnorth: judged as at 2026-03-16 09:00 UTC; NOT everything was read.\n  not seen: AuditEvent, Provenance, Task, 2026-02-05 01:00 to 05:00 UTC\n",
    );
  });

  it("shows a table with who, how long overdue and whose, what each says, then the counts and what was not seen", async () => {
    const { out, code } = await run(["--patient", "Patient/potassium-7-1"]);
    expect(code).toBe(3);
    const [head, first, second, ...below] = out.split("\n").map((line) => line.trim());
    expect(head).toMatch(/^Verdict +What +Patient +Overdue +Team +Status +Finding$/);
    for (const row of [first, second])
      expect(row).toMatch(/^missed, critical +Potassium 7\.1 mmol\/L \(.*\) +THACKRAY, Olive +68 minutes +.+ +open +[0-9a-f-]{36}$/);
    // Of so few, each is said whole.
    const counted = below.findIndex((line) => line.startsWith("2 findings"));
    expect(below.slice(0, counted - 1).join(" ")).toMatch(
      /[0-9a-f-]{36}: When a final result is issued \(2026-03-16 05:52 UTC\), .*; instead no record says so .*\. {2}[0-9a-f-]{36}: When .* dismisses or closes it\.$/,
    );
    expect(below.slice(counted - 1)).toEqual([
      "",
      "2 findings: 2 missed, 0 late, 0 unknown; 0 of no team.",
      "",
      "north: judged as at 2026-03-16 09:00 UTC; NOT everything was read.",
      "not seen: AuditEvent, Provenance, Task, 2026-02-05 01:00 to 05:00 UTC",
      "south: judged as at 2026-03-16 09:00 UTC; everything that the signals need was read.",
      "west: judged as at 2026-03-16 09:00 UTC; NOT everything was read.",
      "not seen: Communication, 2026-03-16 02:00 to 09:00 UTC",
      "",
    ]);
  });

  it("says how many more there are, what is left out, and what would settle the unknown ones", async () => {
    const { out } = await run(["--limit", "2"]);
    const total = (await json()).length;
    expect(out).toContain(`${total} findings: `);
    expect(out).toContain("The first 2 are shown (--limit).");
    expect(out).toContain("Left out: 2 of test patients.");
    expect(out).toContain("5 at south (result-unacknowledged, task-overdue)");
    expect(out).toMatch(/^ +Verdict/);
    expect((await run(["--verdict", "late"])).out).toMatch(/^ +Site +Verdict/);
  });

  it("never lets an empty list be read as safe", async () => {
    const { out } = await run(["--status", "closed"]);
    expect(out).toContain("No finding fits what was asked. That does NOT mean that nothing was missed: not everything could be seen.");
    expect((await run(["--status", "closed", "--site", "south"])).out).toContain("No finding fits what was asked. With --all");
  });

  it("suggests the nearest right value for one that is not known", async () => {
    const fault = (message: string, code = "unknown-filter-value") => expect.objectContaining({ code, message }) as unknown;
    await expect(run(["--site", "nroth"])).rejects.toEqual(fault('--site "nroth" is not known. Did you mean "north"?'));
    await expect(run(["--signal", "result-unacknowleged"])).rejects.toEqual(
      fault('--signal "result-unacknowleged" is not known. Did you mean "result-unacknowledged"?'),
    );
    await expect(run(["--verdict", "misssed"])).rejects.toEqual(fault('--verdict "misssed" is not known. Did you mean "missed"?'));
    await expect(run(["--urgency", "critcal"])).rejects.toEqual(fault('--urgency "critcal" is not known. Did you mean "critical"?'));
    await expect(run(["--team", "Organization/ward-3"])).rejects.toEqual(
      fault('--team "Organization/ward-3" is not known. Did you mean "Organization/ward-2"?'),
    );
    await expect(run(["--due-from", "tomorrow"])).rejects.toEqual(fault('--due-from "tomorrow" is no time.', "not-a-time"));
    await expect(run(["--id", "7"])).rejects.toEqual(fault('"7" is no id of a finding.', "not-an-id"));
    await expect(run(["--limit", "none"])).rejects.toEqual(fault('--limit "none" is no number of findings.', "not-a-number"));
  });

  it("records each look, with what was shown", async () => {
    await connection.db.deleteFrom("look").execute();
    const shown = await json("--site", "west");
    const looks = await connection.db.selectFrom("look").select(["viewer", "at", "how", "loops"]).execute();
    expect(looks.map((look) => ({ ...look, loops: look.loops.toSorted() }))).toEqual([
      { viewer: "demo", at: hospitalNow, how: "findings --json", loops: shown.map(({ id }) => id).sort() },
    ]);
    await run(["--status", "closed"]);
    expect((await connection.db.selectFrom("look").select("how").execute()).length).toBe(1);
  });
});

describe("findings --csv", () => {
  it("has one row a finding, with the same values", async () => {
    const findings = await json("--all");
    const rows = readCsv((await run(["--all", "--csv"])).out);
    expect(rows.map(({ id, dueAt, metAt, title, case: key }) => ({ id, dueAt, metAt, title, key }))).toEqual(
      findings.map(({ id, dueAt, metAt, title, case: key }) => ({ id, dueAt, metAt: metAt ?? "", title: title ?? "", key })),
    );
  });

  it("lets no cell begin a formula", async () => {
    const [finding] = await json("--limit", "1");
    const titles = ["=1+1", "+1", "-1", "@sum", "\tx", "harmless = 1"];
    const rows = readCsv(
      findingsCsv(
        titles.map((title) => ({ ...finding!, title })),
        true,
      ),
    );
    expect(rows.map(({ title }) => title)).toEqual(["'=1+1", "'+1", "'-1", "'@sum", "'\tx", "harmless = 1"]);
  });

  it("has its header even where nothing is found", async () => {
    expect((await run(["--csv", "--site", "south", "--status", "closed"])).out).toMatch(/^id,site,signal,.*\n$/);
  });
});

describe("a time in words", () => {
  it.each([
    [20_000, "under a minute"],
    [60_000, "1 minute"],
    [119 * 60_000, "119 minutes"],
    [120 * 60_000, "2 hours"],
    [47 * 3_600_000, "47 hours"],
    [48 * 3_600_000, "2 days"],
    [400 * 86_400_000, "400 days"],
  ])("of %d ms is %s", (ms, words) => {
    expect(inWords(ms)).toBe(words);
  });
});
