import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { writeCursor } from "../../src/api/cursor.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { scanHospital } from "../store/scanned-hospital.ts";
import { apiHere, type ApiHere } from "./api-here.ts";

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

const id = "726d3f7a-7d21-8207-a061-0f06b59ddfa4";
const cursor = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString("base64url");

describe("a request that cannot be answered", () => {
  it.each([
    ["findings?sitte=north", "unknown-parameter", 'There is no parameter "sitte" here. Did you mean "site"?'],
    ["findings?Site=north", "unknown-parameter", 'There is no parameter "Site" here. Did you mean "site"?'],
    ["findings?__proto__=x", "unknown-parameter", 'There is no parameter "__proto__" here.'],
    ["cases?verdict=late", "unknown-parameter", 'There is no parameter "verdict" here.'],
    ["cases?all=true", "unknown-parameter", 'There is no parameter "all" here.'],
    ["signals?team=a", "unknown-parameter", 'There is no parameter "team" here.'],
    ["findings?site=nroth", "unknown-filter-value", 'site "nroth" is not known. Did you mean "north"?'],
    ["findings?site=north&site=sotuh", "unknown-filter-value", 'site "sotuh" is not known. Did you mean "south"?'],
    ["runs?site=nroth", "unknown-filter-value", 'site "nroth" is not known. Did you mean "north"?'],
    ["feeds?site=nroth", "unknown-filter-value", 'site "nroth" is not known. Did you mean "north"?'],
    [
      "findings?signal=result-unacknowleged",
      "unknown-filter-value",
      'signal "result-unacknowleged" is not known. Did you mean "result-unacknowledged"?',
    ],
    ["unknowns?signal=x", "unknown-filter-value", 'signal "x" is not known.'],
    ["findings?verdict=misssed", "unknown-filter-value", 'verdict "misssed" is not known. Did you mean "missed"?'],
    ["findings?status=opne", "unknown-filter-value", 'status "opne" is not known. Did you mean "open"?'],
    ["findings?urgency=critcal", "unknown-filter-value", 'urgency "critcal" is not known. Did you mean "critical"?'],
    [
      "findings?team=Organization/ward-3",
      "unknown-filter-value",
      'team "Organization/ward-3" is not known. Did you mean "Organization/ward-2"?',
    ],
    ["findings?dueFrom=tomorrow", "not-a-time", 'dueFrom "tomorrow" is no time.'],
    ["findings?openedTo=2026-02-30", "not-a-time", 'openedTo "2026-02-30" is no time.'],
    ["cases?dueTo=2026-03-16T09:00:00", "not-a-time", 'dueTo "2026-03-16T09:00:00" is no time.'],
    ["findings?id=7", "not-an-id", '"7" is no id of a finding.'],
    ["findings?limit=0", "invalid-request", "limit: Write a whole number from 1 to 500."],
    ["findings?limit=501", "invalid-request", "limit: Write a whole number from 1 to 500."],
    ["findings?limit=2.5", "invalid-request", "limit: Write a whole number from 1 to 500."],
    ["findings?limit=many", "invalid-request", "limit: Write a whole number from 1 to 500."],
    ["findings?limit=", "invalid-request", "limit: Write a whole number from 1 to 500."],
    ["findings?limit=1&limit=2", "invalid-request", "limit: Write a whole number from 1 to 500."],
    ["cases?limit=101", "invalid-request", "limit: Write a whole number from 1 to 100."],
    ["findings?order=age", "invalid-request", "order: Write due or urgency."],
    ["findings?all=yes", "invalid-request", "all: Write true or false."],
    ["findings?site=", "invalid-request", "site.0: It is empty."],
    ["findings?patient=", "invalid-request", "patient: It is empty."],
    ["findings?cursor=xyz", "not-a-cursor", "This cursor is of no page of this list in this order."],
    [
      `findings?cursor=${cursor(["findings by due", 0, 1e300, [id]])}`,
      "not-a-cursor",
      "This cursor is of no page of this list in this order.",
    ],
    [
      `findings?cursor=${cursor(["findings by due", 0, -9e14, [id]])}`,
      "not-a-cursor",
      "This cursor is of no page of this list in this order.",
    ],
    [
      `findings?cursor=${cursor(["findings by due", 9e9, 0, [id]])}`,
      "not-a-cursor",
      "This cursor is of no page of this list in this order.",
    ],
    [
      `findings?cursor=${cursor(["findings by due", 0, 0, ["7"]])}`,
      "not-a-cursor",
      "This cursor is of no page of this list in this order.",
    ],
    [`runs?cursor=${cursor({})}`, "not-a-cursor", "This cursor is of no page of this list in this order."],
    [
      `cases?cursor=${writeCursor({ of: "findings by due", at: 0, ids: [id] })}`,
      "not-a-cursor",
      "This cursor is of no page of this list in this order.",
    ],
    [
      `findings?order=urgency&cursor=${writeCursor({ of: "findings by due", at: 0, ids: [id] })}`,
      "not-a-cursor",
      "This cursor is of no page of this list in this order.",
    ],
  ])("GET %s", async (path, code, detail) => {
    const { status, headers, body } = await api.get<{ fix: string }>(path);
    expect([status, headers.get("content-type")]).toEqual([400, "application/problem+json; charset=utf-8"]);
    expect(body).toMatchObject({ type: `/api/#problem-${code}`, status: 400, code, detail });
    expect(body.fix).toMatch(/^[A-Z].+\.$/);
  });

  it("is told what is possible", async () => {
    const fixOf = async (path: string) => (await api.get<{ fix: string }>(path)).body.fix;
    expect(await fixOf("findings?site=x")).toBe("It may be: north, south, west.");
    expect(await fixOf("runs?x=1")).toBe("It may be: site, limit, cursor.");
    expect(await fixOf("signals?x=1")).toBe("It may be: site.");
    expect(await fixOf("sites?x=1")).toBe("Leave it out: there is no parameter here.");
  });

  it("takes the same words in any number, and any id in capitals", async () => {
    const { body } = await api.get<{ findings: { id: string }[] }>("findings?limit=1&site=north&site=south&site=north");
    const [finding] = body.findings;
    expect((await api.get(`findings?id=${finding!.id.toUpperCase()}`)).body).toMatchObject({ findings: [finding], next: null });
  });

  it("of a method or an address that there is not says what there is", async () => {
    const ask = async (method: string, path: string) => {
      const response = await fetch(api.url + path, { method });
      return [response.status, response.headers.get("allow"), ((await response.json()) as { code: string }).code];
    };
    expect(await ask("DELETE", "/api/v1/findings")).toEqual([405, "GET, HEAD", "method-not-allowed"]);
    expect(await ask("PUT", "/api/v1/runs")).toEqual([405, "GET, HEAD, POST", "method-not-allowed"]);
    expect(await ask("GET", "/api/v1/reviews")).toEqual([405, "POST", "method-not-allowed"]);
    expect(await ask("GET", "/api/v2/findings")).toEqual([404, null, "path-unknown"]);
    expect(await ask("GET", "/api/v1/findings/")).toEqual([404, null, "path-unknown"]);
    expect(await ask("GET", "/api/v1/cases/north/%E0%A4%A")).toEqual([400, null, "invalid-request"]);
    expect((await fetch(`${api.url}/api/v1/findings`, { method: "HEAD" })).status).toBe(200);
  });

  it("leaves nothing in the log", () => {
    expect(api.logged).toEqual([]);
  });
});
