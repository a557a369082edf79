import { describe, expect, it, test } from "vitest";
import { siteConfig } from "../../src/config/load-config.ts";
import { examineSources, codeOfExamination } from "../../src/commands/examine-sources.ts";
import type { SourceExamination } from "../../src/insight/examine-source.ts";
import { closedPort } from "../fhir/closed-port.ts";
import { bundle, startOddServer, type Answer, type Asked } from "../fhir/odd-server.ts";
import { fixtureSite, serveFolder, serverTime } from "../fhir-server/serve-folder.ts";
import { eprEvent, secrets } from "./epr-events.ts";

const config = siteConfig({ dataFolder: "", sites: [] }, "default");
const clock = (): number => serverTime;
const types = ["AuditEvent", "Task", "DiagnosticReport", "Communication", "Provenance", "ServiceRequest", "Observation", "Encounter"];

async function examine(url: string, more: object = {}): Promise<SourceExamination> {
  const [found] = await examineSources(config, [{ name: "epr", url, ...more }], { clock, random: () => 0 });
  return found!;
}

const codes = ({ problems }: SourceExamination): string[] => problems.map(({ code, weight }) => `${weight} ${code}`);

function resource(type: string, id: string): object {
  const meta = { lastUpdated: "2026-03-10T10:00:00Z", versionId: "1" };
  if (type === "AuditEvent") return eprEvent(id, "RES-OPEN", { meta });
  const report = { reference: "DiagnosticReport/1" };
  return {
    resourceType: type,
    id,
    meta,
    status: "completed",
    focus: report,
    target: [report],
    about: [report],
    recorded: "2026-03-10T10:00:00Z",
  };
}

interface Faults {
  readonly statement?: object;
  readonly interactions?: readonly string[];
  readonly offered?: readonly string[];
  readonly date?: string;
  /** Answers instead, where it gives something. */
  readonly answer?: (asked: Asked) => Answer | undefined;
}

/** A FHIR server of 8 types with three records each that does everything right, but for the faults. */
function faulty(faults: Faults) {
  const { interactions = ["search-type", "history-instance"], offered = types, date = "Mon, 16 Mar 2026 09:00:00 GMT" } = faults;
  const headers = { Date: date };
  return startOddServer((asked) => {
    const own = faults.answer?.(asked);
    if (own) return { headers, ...own };
    const [type = "", id, history] = asked.path.split("/").slice(1);
    if (type === "metadata") {
      const listed = offered.map((each) => ({ type: each, interaction: interactions.map((code) => ({ code })) }));
      const rest = [{ mode: "server", resource: listed, operation: [{ name: "export" }] }];
      return { headers, body: faults.statement ?? { resourceType: "CapabilityStatement", fhirVersion: "4.0.1", rest } };
    }
    const bounds = asked.query.getAll("_lastUpdated");
    const isKept = bounds.every((each) => {
      const at = new Date(each.slice(2)).getTime();
      const written = Date.parse("2026-03-10T10:00:00Z");
      return each.startsWith("ge") ? written >= at : written < at;
    });
    const entry = isKept ? ["1", "2", "3"].map((each) => ({ resource: resource(type, each), search: { mode: "match" } })) : [];
    if (history !== undefined)
      return { headers, body: { ...bundle({ entry: [{ resource: resource(type, id ?? "") }] }), type: "history" } };
    if (asked.query.get("_summary") === "count") return { headers, body: bundle({ total: entry.length }) };
    return { headers, body: bundle({ entry }) };
  });
}

describe("a server", () => {
  it("that does all that pulling rests on has no problem, is asked a bounded number of questions, and shown without a patient", async () => {
    const server = await faulty({});
    const found = await examine(server.origin);
    expect(codes(found)).toEqual([]);
    expect(server.asked.length).toBeLessThanOrEqual(2 + types.length + 6);
    const totals = server.asked.filter(({ query }) => query.has("_summary") || query.has("_total"));
    expect(totals.map(({ query }) => query.has("_lastUpdated"))).toEqual([true]);
    expect(server.asked.filter(({ query }) => query.has("_sort")).every(({ query }) => query.get("_sort") === "-_lastUpdated")).toBe(true);
    expect(JSON.stringify({ ...found, problems: [] })).not.toMatch(secrets);
    expect(found.sampled.find(({ type }) => type === "AuditEvent")).toMatchObject({ sampled: 3, shares: { "a known activity": 0 } });
    expect(found.mapping).toContain("RES-OPEN");
  });

  const cases: readonly [string, Faults, string[]][] = [
    ["offers no AuditEvent", { offered: types.slice(1) }, ["blinds type-not-offered"]],
    ["keeps no history", { interactions: ["search-type"] }, ["note no-history"]],
    ["has a clock three hours ahead", { date: "Mon, 16 Mar 2026 12:00:00 GMT" }, ["blinds clock-off"]],
    ["gives no Task", { answer: ({ path }) => (path === "/Task" ? { body: bundle({ entry: [] }) } : undefined) }, ["blinds type-empty"]],
    ["refuses AuditEvent", { answer: ({ path }) => (path === "/AuditEvent" ? { status: 403 } : undefined) }, ["blinds type-refused"]],
    [
      "wants a patient with every search of AuditEvent",
      { answer: ({ path }) => (path === "/AuditEvent" ? { status: 400 } : undefined) },
      ["blinds type-not-given"],
    ],
    [
      "knows no _lastUpdated",
      { answer: ({ query }) => (query.has("_lastUpdated") && !query.has("_summary") ? { status: 400 } : undefined) },
      ["blinds no-last-updated"],
    ],
    [
      "ignores _lastUpdated",
      {
        answer: ({ path, query }) =>
          query.has("_lastUpdated") && !query.has("_summary")
            ? { body: bundle({ entry: [{ resource: resource(path.slice(1), "1") }] }) }
            : undefined,
      },
      ["blinds no-last-updated"],
    ],
    [
      "ignores the upper of two bounds",
      {
        answer: ({ path, query }) =>
          query.getAll("_lastUpdated").length === 2 ? { body: bundle({ entry: [{ resource: resource(path.slice(1), "1") }] }) } : undefined,
      },
      ["note upper-bound-ignored"],
    ],
    ["does not count", { answer: ({ query }) => (query.has("_summary") ? { status: 501 } : undefined) }, ["note no-count"]],
    [
      "does not give the history it speaks of",
      { answer: ({ path }) => (path.endsWith("_history") ? { status: 405 } : undefined) },
      ["note history-not-given"],
    ],
    [
      "has no bulk export",
      {
        statement: {
          resourceType: "CapabilityStatement",
          fhirVersion: "4.0.1",
          rest: [{ resource: types.map((type) => ({ type, interaction: [{ code: "search-type" }, { code: "history-type" }] })) }],
        },
      },
      ["note no-export"],
    ],
    ["cannot sort", { answer: ({ query }) => (query.has("_sort") ? { status: 400 } : undefined) }, []],
    [
      "cuts pages, and links them at an inside address",
      {
        answer: ({ path, query }) =>
          path === "/Task" && query.has("_count") && !query.has("_lastUpdated") && !query.has("page")
            ? { body: bundle({ next: `http://inside:8080/Task?page=2&_count=100`, entry: [{ resource: resource("Task", "9") }] }) }
            : undefined,
      },
      ["note count-cut", "note page-links-wrong"],
    ],
    [
      "gives the first page again and again",
      {
        answer: ({ path, query }) =>
          path === "/Task" && !query.has("_lastUpdated") && !query.has("_summary")
            ? { body: bundle({ next: `/Task?page=2`, entry: [{ resource: resource("Task", "9") }] }) }
            : undefined,
      },
      ["blinds pages-lead-nowhere", "note count-cut"],
    ],
  ];
  it.each(cases)("that %s is told of it, with a mend", async (_, faults, expected) => {
    const server = await faulty(faults);
    const found = await examine(server.origin);
    expect(codes(found)).toEqual(expected);
    expect(found.problems.every(({ says, mend }) => says.length > 20 && mend.length > 20)).toBe(true);
    expect(JSON.stringify(found.problems)).not.toMatch(secrets);
  });

  const stops: readonly [string, Faults, string][] = [
    ["refuses to let us in", { answer: () => ({ status: 401 }) }, "source-unauthorised"],
    ["sends us elsewhere", { answer: () => ({ status: 302, headers: { Location: "https://elsewhere.example/" } }) }, "source-elsewhere"],
    ["is a web page", { answer: () => ({ body: "<!doctype html><p>HOLLIS, Vera" }) }, "source-not-fhir"],
    ["speaks DSTU2", { statement: { resourceType: "Conformance", fhirVersion: "1.0.2" } }, "source-version-unsupported"],
    ["says that it is 1.0.2", { statement: { resourceType: "CapabilityStatement", fhirVersion: "1.0.2" } }, "source-version-unsupported"],
  ];
  it.each(stops)("that %s is asked for nothing else", async (_, faults, code) => {
    const server = await faulty(faults);
    const found = await examine(server.origin);
    expect([codes(found), codeOfExamination(found)]).toEqual([[`stops ${code}`], 2]);
    expect(server.asked.every(({ path }) => path === "/metadata")).toBe(true);
    expect(JSON.stringify(found)).not.toMatch(secrets);
  });

  it("that is not there is said to be so", async () => {
    expect(codes(await examine(`http://127.0.0.1:${closedPort}`))).toEqual(["stops source-unreachable"]);
  });

  it("names only the types that it is to be read for", async () => {
    const server = await faulty({});
    const found = await examine(server.origin, { types: ["Task", "Device"] });
    expect(codes(found)).toEqual(["blinds type-not-offered"]);
    expect(found.sampled.map(({ type }) => type)).toEqual(["Task"]);
  });
});

test("of the fixture hospital over FHIR the signals are judged by what it offers and by the sample", async () => {
  const server = await serveFolder(fixtureSite("south"));
  const found = await examine(server.url);
  expect(codes(found).filter((each) => !each.startsWith("note"))).toEqual([]);
  expect(found.fhirVersion).toBe("4.0.1");
  expect(
    found.signals.filter(({ isOn }) => isOn).map(({ id, state, because }) => [id, state, because.map(({ kind }) => kind).join()]),
  ).toEqual([
    ["critical-uncommunicated", "runs", ""],
    ["order-unresulted", "runs", ""],
    ["result-no-action", "runs", ""],
    ["result-unacknowledged", "blind", "never-seen"],
    ["task-overdue", "blind", "never-seen"],
  ]);
  expect(codeOfExamination(found)).toBe(3);
});
