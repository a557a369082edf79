import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { Finding } from "../../src/domain/finding.ts";
import type { Case } from "../../src/store/case.ts";
import type { Review } from "../../src/store/past-review.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { forgetReviews } from "../store/forget-reviews.ts";
import { scanHospital } from "../store/scanned-hospital.ts";
import { apiHere, type ApiHere } from "./api-here.ts";

let connection: Connection;
let api: ApiHere;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
  api = await apiHere(connection);
});
beforeEach(() => forgetReviews(connection));
afterAll(async () => {
  await api.close();
  await connection.close();
});

const findingOf = async (subject: string, signal = "result-unacknowledged"): Promise<Finding> =>
  (await api.get<{ findings: Finding[] }>(`findings?all=true&subject=${subject}&signal=${signal}`)).body.findings[0]!;
const reviewsOf = async (id: string): Promise<readonly Review[]> =>
  (await api.get<{ reviews: Review[] }>(`findings/${id}/reviews`)).body.reviews;

describe("POST reviews", () => {
  it("records a step on a finding, says where it now stands, and shows who, when, what and why", async () => {
    const { id, site } = await findingOf("DiagnosticReport/inr-hh");
    const { status, body } = await api.post("reviews", { of: { findings: [id] }, step: "dismiss", reason: "telephoned" });
    expect(status).toBe(200);
    expect(body).toEqual({
      review: expect.any(String) as unknown,
      findings: [
        {
          id,
          site,
          subject: "DiagnosticReport/inr-hh",
          signal: "result-unacknowledged",
          verdict: "missed",
          status: "dismissed",
          statusReason: null,
          possibleSteps: ["reopen", "assign", "snooze", "escalate", "undo", "note"],
        },
      ],
    });
    const reviews = await reviewsOf(id);
    expect(reviews).toMatchObject([
      {
        finding: id,
        step: "dismiss",
        reason: "telephoned",
        reviewer: "demo",
        at: "2026-03-16T09:00:00Z",
        verdict: "missed",
        verdictNow: "missed",
      },
    ]);
    expect((await api.get(`findings/${id}`)).body).toMatchObject({ finding: { status: "dismissed", reviews: 1 }, reviews });
  });

  it("records it on everything of a case, and the case then shows it", async () => {
    const of = { case: "ServiceRequest/ct-chest", site: "north" };
    const { body } = await api.post<{ findings: unknown[] }>("reviews", { of, step: "confirm" });
    expect(body.findings).toMatchObject([{ status: "confirmed" }, { status: "confirmed" }]);
    const shown = await api.get<{ case: Case; reviews: Review[] }>("cases/north/DiagnosticReport%2Fct-chest");
    expect(shown.body.case).toMatchObject({ key: "ServiceRequest/ct-chest", site: "north", status: "confirmed" });
    expect(shown.body.reviews.map(({ step, finding }) => [step, finding])).toEqual(
      expect.arrayContaining(shown.body.case.findings.map(({ id }) => ["confirm", id])),
    );
    expect(shown.body).toMatchObject({
      possibleSteps: Object.fromEntries(
        shown.body.case.findings.map(({ id }) => [id, ["close", "assign", "snooze", "escalate", "undo", "note"]]),
      ),
    });
  });

  it("is one review where it is sent twice with one id", async () => {
    const { id } = await findingOf("DiagnosticReport/inr-hh");
    const review = { of: { findings: [id.toUpperCase()] }, step: "take", id: randomUUID() };
    const first = await api.post("reviews", review);
    expect(await api.post("reviews", review)).toMatchObject({ status: 200, body: first.body });
    expect((await reviewsOf(id)).map(({ step }) => step)).toEqual(["take"]);
  });

  it("refuses what has moved on since it was shown, with where it stands, and records nothing", async () => {
    const { id, verdict } = await findingOf("DiagnosticReport/inr-hh");
    const { status, body } = await api.post("reviews", {
      of: { findings: [id] },
      step: "take",
      expected: { [id.toUpperCase()]: "unknown" },
    });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: "finding-moved-on",
      detail: `The finding "${id}" was unknown when you looked, and is now missed.`,
      fix: "Look at it again, then judge what it now says.",
      current: [{ id, verdict, status: "open", possibleSteps: ["take", "confirm", "dismiss", "assign", "snooze", "escalate", "note"] }],
    });
    expect(await reviewsOf(id)).toEqual([]);
  });

  it("refuses a step that is not possible, of a finding or a case, with what is", async () => {
    const { id } = await findingOf("DiagnosticReport/ct-chest");
    const refused = {
      status: 409,
      body: { code: "step-not-allowed", current: expect.arrayContaining([expect.objectContaining({ id })]) as unknown },
    };
    expect(await api.post("reviews", { of: { findings: [id] }, step: "close" })).toMatchObject(refused);
    expect(await api.post("reviews", { of: { case: "ServiceRequest/ct-chest", site: "north" }, step: "close" })).toMatchObject(refused);
    expect(await reviewsOf(id)).toEqual([]);
  });

  it("refuses what is no finding any more", async () => {
    const { body } = await api.get<{ findings: Finding[] }>("findings?verdict=met&limit=1");
    const answer = await api.post("reviews", { of: { findings: [body.findings[0]!.id] }, step: "take" });
    expect(answer).toMatchObject({ status: 409, body: { code: "not-a-finding", current: [{ verdict: "met", possibleSteps: [] }] } });
  });

  it("lets one of two who judge at once win, and tells the other where it stands", async () => {
    const { id } = await findingOf("DiagnosticReport/inr-hh");
    const answers = await Promise.all([
      api.post("reviews", { of: { findings: [id] }, step: "confirm" }),
      api.post("reviews", { of: { findings: [id] }, step: "dismiss", reason: "harmless" }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await reviewsOf(id)).length).toBe(1);
  });

  it.each([
    [
      "no reason",
      (id: string) => ({ of: { findings: [id] }, step: "dismiss", reason: " " }),
      422,
      "reason-needed",
      /^The step "dismiss" needs/,
    ],
    [
      "no such step",
      (id: string) => ({ of: { findings: [id] }, step: "dismis" }),
      400,
      "invalid-request",
      /^step: "dismis" is no step of a review. Did you mean "dismiss"\?/,
    ],
    ["nothing named", () => ({ of: {}, step: "take" }), 400, "invalid-request", /^of: Write \{"findings"/],
    ["both named", (id: string) => ({ of: { findings: [id], case: "x" }, step: "take" }), 400, "invalid-request", /^of: /],
    ["no id", () => ({ of: { findings: ["7"] }, step: "take" }), 400, "invalid-request", /^of/],
    ["an id of nothing", () => ({ of: { findings: [randomUUID()] }, step: "take" }), 404, "finding-not-found", /^There is no finding/],
    [
      "no such case",
      () => ({ of: { case: "Task/x", site: "north" }, step: "take" }),
      404,
      "finding-not-found",
      /^There is no finding or case "Task\/x"/,
    ],
    ["no such site", () => ({ of: { case: "ServiceRequest/ct-chest", site: "nroth" }, step: "take" }), 404, "finding-not-found", /^There/],
    [
      "an unknown field",
      (id: string) => ({ of: { findings: [id] }, stp: "take", step: "take" }),
      400,
      "unknown-parameter",
      /"stp" here\. Did you mean "step"\?/,
    ],
    [
      "a novel for a reason",
      (id: string) => ({ of: { findings: [id] }, step: "note", reason: "x".repeat(4001) }),
      400,
      "invalid-request",
      /^reason: /,
    ],
    [
      "too much",
      (id: string) => ({ of: { findings: [id] }, step: "note", reason: "x".repeat(200_000) }),
      413,
      "request-too-large",
      /larger/,
    ],
    ["a list", () => [], 400, "invalid-request", /./],
  ])("refuses %s", async (_, bodyFor, status, code, detail) => {
    const { id } = await findingOf("DiagnosticReport/inr-hh");
    const answer = await api.post("reviews", bodyFor(id));
    expect(answer).toMatchObject({ status, body: { status, code, detail: expect.stringMatching(detail) as unknown } });
    expect((answer.body as { fix: string }).fix).not.toBe("");
    expect(await reviewsOf(id)).toEqual([]);
  });

  it("refuses what the page of another site sends", async () => {
    const { id } = await findingOf("DiagnosticReport/inr-hh");
    const review = { of: { findings: [id] }, step: "take" };
    for (const headers of [
      { origin: "https://evil.example" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "null" },
    ])
      expect(await api.post("reviews", review, headers as Record<string, string>)).toMatchObject({
        status: 403,
        body: { code: "other-origin" },
      });
    expect(await reviewsOf(id)).toEqual([]);
    expect((await api.post("reviews", review, { origin: api.url, "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  it("refuses a body that is not JSON, or not said to be", async () => {
    const send = async (type: string, body: string) => {
      const response = await fetch(`${api.url}/api/v1/reviews`, { method: "POST", headers: { "content-type": type }, body });
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    expect(await send("application/json", "{")).toEqual([400, "invalid-request"]);
    expect(await send("text/plain", "{}")).toEqual([415, "not-json"]);
    expect(await send("application/x-www-form-urlencoded", "step=take")).toEqual([415, "not-json"]);
    expect(await send("application/json; charset=klingon", "{}")).toEqual([415, "not-json"]);
  });
});

describe("GET findings/{id}/reviews", () => {
  it("gives every step once over the pages, oldest first, and records the look", async () => {
    const { id } = await findingOf("DiagnosticReport/inr-hh");
    for (const step of ["take", "release", "confirm", "undo"]) await api.post("reviews", { of: { findings: [id] }, step });
    await connection.db.deleteFrom("look").execute();
    const pages = await api.walk<{ reviews: Review[]; next: string | null }>(`findings/${id}/reviews?limit=3`);
    const steps = pages.flatMap(({ reviews }) => reviews.map(({ step }) => step));
    expect(steps).toEqual(["take", "release", "confirm", "undo"]);
    expect(await connection.db.selectFrom("look").select(["how", "loops"]).execute()).toEqual([
      { how: "GET finding reviews", loops: [id] },
      { how: "GET finding reviews", loops: [id] },
    ]);
  });

  it("is a 404 where there is no such finding", async () => {
    expect(await api.get(`findings/${randomUUID()}/reviews`)).toMatchObject({ status: 404, body: { code: "finding-not-found" } });
  });
});
