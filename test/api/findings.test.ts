import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Config, SiteConfig } from "../../src/config/config.ts";
import { register } from "../../src/commands/findings.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { commandLineViewer } from "../../src/domain/viewer.ts";
import type { FindingCounts } from "../../src/store/held-back.ts";
import { recordReview } from "../../src/store/review.ts";
import { runInProcess } from "../commands/run-in-process.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { hospitalNow, scanHospital } from "../store/scanned-hospital.ts";
import { apiHere, type ApiHere } from "./api-here.ts";

interface Page {
  readonly findings: readonly Finding[];
  readonly next: string | null;
  readonly counts: FindingCounts;
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

/** What the command line lists for the same filter, in its order. */
async function byCommandLine(query: URLSearchParams, config: Partial<Config> = {}): Promise<Finding[]> {
  const options = [...new Set(query.keys())].flatMap((name) => {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return name === "all" ? [option] : [option, ...query.getAll(name)];
  });
  const { out } = await runInProcess(connection, register, ["findings", "--json", ...options], config);
  return out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Finding);
}

const filters: Readonly<Record<string, readonly string[]>> = {
  all: ["true"],
  site: ["north", "south"],
  signal: ["result-unacknowledged", "task-overdue"],
  verdict: ["missed", "late", "unknown", "met"],
  status: ["open", "resolved", "dismissed"],
  urgency: ["critical", "abnormal", "not-said"],
  team: ["unassigned", "Organization/ward-2"],
  patient: ["Patient/potassium-7-1"],
  subject: ["DiagnosticReport/inr-hh"],
  openedFrom: ["2026-03-10"],
  openedTo: ["2026-03-12T10:00:00Z"],
  dueFrom: ["2026-03-11T00:00:00+01:00"],
  dueTo: ["2026-03-14"],
};

/** Those that may be given several times. */
const listed: ReadonlySet<string> = new Set(["site", "signal", "verdict", "status", "urgency", "team"]);

describe("GET findings", () => {
  it.each(Object.entries(filters).flatMap(([name, values]) => values.map((value) => `${name}=${encodeURIComponent(value)}`)))(
    "lists for %s what the command line lists, and counts it",
    async (query) => {
      const expected = await byCommandLine(new URLSearchParams(query));
      const { body } = await api.get<Page>(`findings?${query}&order=urgency&limit=500`);
      expect(body.findings).toEqual(expected);
      expect(body.next).toBeNull();
      expect(Object.values(body.counts.byVerdict).reduce((sum, count) => sum + count, 0)).toBe(expected.length);
    },
  );

  it("finds something by every one of these filters, so that the comparison says something", async () => {
    const found = await Promise.all(
      Object.keys(filters).map((name) => api.get<Page>(`findings?${name}=${encodeURIComponent(filters[name]![0]!)}`)),
    );
    expect(found.map(({ body }, place) => [Object.keys(filters)[place], body.findings.length > 0])).toEqual(
      Object.keys(filters).map((name) => [name, true]),
    );
  });

  it("lists for any filters together what the command line lists", async () => {
    const severalOf = (name: string, values: readonly string[]) =>
      fc
        .subarray([...values], { minLength: 1, maxLength: listed.has(name) ? values.length : 1 })
        .map((chosen) => chosen.map((value) => [name, value] as const));
    const anyFilters = fc.tuple(...Object.entries(filters).map(([name, values]) => fc.option(severalOf(name, values), { nil: [] })));
    await fc.assert(
      fc.asyncProperty(anyFilters, async (chosen) => {
        const query = new URLSearchParams(chosen.flat().map(([name, value]) => [name, value] as [string, string]));
        const { body } = await api.get<Page>(`findings?${query.toString()}&order=urgency&limit=500`);
        expect(body.findings).toEqual(await byCommandLine(query));
      }),
      { numRuns: 60 },
    );
  });

  it("gives every finding once over the pages, by due time or the most urgent first", async () => {
    const all = await byCommandLine(new URLSearchParams("all=true"));
    const byUrgency = await api.walk<Page>("findings?all=true&order=urgency&limit=7");
    expect(byUrgency.flatMap(({ findings }) => findings)).toEqual(all);
    expect(byUrgency.slice(0, -1).map(({ findings }) => findings.length)).toEqual(byUrgency.slice(1).map(() => 7));
    const byDue = (await api.walk<Page>("findings?all=true&limit=7")).flatMap(({ findings }) => findings);
    const key = ({ dueAt, id }: Finding) => `${new Date(dueAt ?? "").toISOString()} ${id}`;
    expect(byDue).toEqual(all.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)));
  });

  it("leaves out the test patients that the configuration lists, and counts them", async () => {
    const sites = [{ name: "north", testPatients: ["Patient/potassium-7-1"], sources: [], signals: {} }] as unknown as SiteConfig[];
    const before = (await api.get<Page>("findings?site=north&limit=500")).body;
    const other = await apiHere(connection, { config: { dataFolder: "", sites } });
    const { body } = await other.get<Page>("findings?site=north&limit=500");
    await other.close();
    expect(body.findings).toEqual(before.findings.filter(({ patient }) => patient !== "Patient/potassium-7-1"));
    expect(body.counts.testPatients - before.counts.testPatients).toBe(before.findings.length - body.findings.length);
    expect(before.findings.length - body.findings.length).toBe(2);
  });

  it("gives every finding that was there once, though some are reviewed between pages", async () => {
    const before = (await api.get<Page>("findings?site=north&limit=500")).body.findings;
    const dismissed = new Set<string>();
    const dismiss = async (id: string): Promise<void> => {
      if (dismissed.has(id)) return;
      const review = { of: { loopIds: [id] }, step: "dismiss", reason: "tried", at: hospitalNow, id: randomUUID() } as const;
      await recordReview(connection.db, commandLineViewer, review);
      dismissed.add(id);
    };
    // One that was shown already, and one of those to come.
    const pages = await api.walk<Page>("findings?site=north&limit=5", async ({ findings }) => {
      const last = before.findIndex(({ id }) => id === findings.at(-1)?.id);
      for (const finding of [findings[0], before[last + 2]]) if (finding) await dismiss(finding.id);
    });
    const walked = pages.flatMap(({ findings }) => findings.map(({ id }) => id));
    expect(new Set(walked).size).toBe(walked.length);
    expect(before.map(({ id }) => id).filter((id) => !walked.includes(id) && !dismissed.has(id))).toEqual([]);
    expect(dismissed.size).toBeGreaterThan(4);
  });

  it("records each look, with what was shown", async () => {
    await connection.db.deleteFrom("look").execute();
    const { body } = await api.get<Page>("findings?site=south&limit=3");
    await api.get("findings?site=south&status=closed");
    const looks = await connection.db.selectFrom("look").select(["viewer", "at", "how", "loops"]).execute();
    expect(looks.map((look) => ({ ...look, loops: look.loops.toSorted() }))).toEqual([
      { viewer: "demo", at: hospitalNow, how: "GET findings", loops: body.findings.map(({ id }) => id).sort() },
    ]);
  });
});

describe("GET findings/{id}", () => {
  it("is the same finding with its reviews and what can be done next, and the look is recorded", async () => {
    const { findings } = (await api.get<Page>("findings?subject=DiagnosticReport/inr-hh&signal=result-unacknowledged")).body;
    const [finding] = findings;
    await connection.db.deleteFrom("look").execute();
    const { body } = await api.get<Record<string, unknown>>(`findings/${finding!.id.toUpperCase()}`);
    expect(body).toMatchObject({
      finding,
      reviews: [],
      possibleSteps: ["take", "confirm", "dismiss", "assign", "snooze", "escalate", "note"],
      seen: { sites: [{ site: finding!.site }] },
    });
    expect(await connection.db.selectFrom("look").select(["how", "loops"]).execute()).toEqual([
      { how: "GET finding", loops: [finding!.id] },
    ]);
  });

  it("of a loop that is no finding has no steps", async () => {
    const { findings } = (await api.get<Page>("findings?verdict=met&limit=1")).body;
    expect((await api.get(`findings/${findings[0]!.id}`)).body).toMatchObject({ finding: { verdict: "met" }, possibleSteps: [] });
  });

  it.each([randomUUID(), "7", "%27%20or%201=1"])("is a 404 where there is no %s", async (id) => {
    const { status, body, headers } = await api.get(`findings/${id}`);
    expect([status, headers.get("content-type")]).toEqual([404, "application/problem+json; charset=utf-8"]);
    expect(body).toMatchObject({ code: "finding-not-found", status: 404, fix: "Take an id from what GET /api/v1/findings lists." });
  });
});
