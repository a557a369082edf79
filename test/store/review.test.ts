import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { recordKey } from "../../src/domain/key.ts";
import type { Step } from "../../src/domain/status.ts";
import { commandLineViewer as everyone, type Viewer } from "../../src/domain/viewer.ts";
import { listFindings } from "../../src/store/finding.ts";
import { countFindings } from "../../src/store/held-back.ts";
import { listReviews } from "../../src/store/past-review.ts";
import { recordReview, type NewReview } from "../../src/store/review.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { hospitalNow, scanInto } from "./scanned-hospital.ts";
import { observation, patient, report, verify, wardFolder } from "./small-ward.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const ann: Viewer = { ...everyone, person: "ann" };
const ben: Viewer = { ...everyone, person: "ben" };
/** Somebody has verified something here, so that what is not verified is missed. */
const somebodyVerifies = [patient("v"), report("v"), observation("v", "HH"), verify("v", "2026-03-01T09:10:00Z")];

const list = async (site: string): Promise<Finding[]> =>
  (await listFindings(connection.db, everyone, { sites: [site], all: true, signals: ["result-unacknowledged"] }, { limit: 100 })).findings;
const findingOf = async (site: string, subject: string): Promise<Finding> =>
  (await list(site)).find((finding) => finding.subject === subject)!;
const statuses = async (site: string): Promise<string[]> =>
  (await list(site)).map((finding) => `${finding.subject} ${finding.verdict} ${finding.status}`);
const record = (of: NewReview["of"], step: Step, more: Partial<NewReview> = {}, viewer = ann) =>
  recordReview(connection.db, viewer, { of, step, at: hospitalNow, id: randomUUID(), ...more });
const reviewsOf = async (loopId: string, viewer = everyone) =>
  (await listReviews(connection.db, viewer, { loopIds: [loopId] }, { limit: 100 })).reviews;
const scan = (site: string, folder: string) => scanInto(connection, site, { folder, since: Date.parse("2026-02-01T00:00:00Z") });

describe("a review", () => {
  it("survives a scan, a rebuild, and a merge that moves its finding to another patient", async () => {
    await scan("moves", wardFolder([...somebodyVerifies, patient("a"), report("a"), observation("a", "HH")]));
    const { id } = await findingOf("moves", "DiagnosticReport/a");
    const before = await connection.db.selectFrom("loop").select("patient_key").where("loop_id", "=", id).executeTakeFirstOrThrow();
    await record({ loopIds: [id] }, "take");
    await record({ loopIds: [id] }, "dismiss", { reason: "telephoned" });
    const recorded = await reviewsOf(id);
    expect(await statuses("moves")).toEqual(["DiagnosticReport/a missed dismissed"]);

    await scanInto(connection, "moves");
    await scanInto(connection, "moves", { rebuild: "relate" });
    expect(await statuses("moves")).toEqual(["DiagnosticReport/a missed dismissed"]);
    expect(await reviewsOf(id)).toEqual(recorded);

    // A person's loops live under the least of their keys.
    const lesser = ["b", "c", "d", "e", "f", "g", "h"].find(
      (name) => recordKey("moves", `Patient/${name}`) < recordKey("moves", "Patient/a"),
    )!;
    await scan("moves", wardFolder([patient(lesser, { link: [{ other: { reference: "Patient/a" }, type: "replaces" }] })]));
    const after = await connection.db.selectFrom("loop").select("patient_key").where("loop_id", "=", id).executeTakeFirstOrThrow();
    expect(after.patient_key).not.toBe(before.patient_key);
    expect(await statuses("moves")).toEqual(["DiagnosticReport/a missed dismissed"]);
    expect(await reviewsOf(id)).toEqual(recorded);
    expect(await connection.db.selectFrom("review").select("patient_key").distinct().where("loop_id", "=", id).execute()).toEqual([after]);
  });

  it("carries the verdict and the evidence that its reviewer saw", async () => {
    await scan("carries", wardFolder([...somebodyVerifies, patient("a"), report("a"), observation("a", "HH")]));
    const seen = await findingOf("carries", "DiagnosticReport/a");
    await record({ loopIds: [seen.id] }, "confirm", { reason: " nobody knew " });
    const { status: _status, statusReason: _reason, reviews: _reviews, sealed: _sealed, ...saw } = seen;
    expect(await reviewsOf(seen.id)).toEqual([
      {
        id: expect.any(String) as unknown,
        finding: seen.id,
        site: "carries",
        signal: "result-unacknowledged",
        subject: "DiagnosticReport/a",
        openedAt: "2026-03-01T09:00:00Z",
        step: "confirm",
        reason: "nobody knew",
        reviewer: "ann",
        at: "2026-03-16T09:00:00Z",
        verdict: "missed",
        saw,
        verdictNow: "missed",
        noLongerApplies: null,
      },
    ]);
  });

  it("of an unknown finding no longer holds once the gap is filled and it was missed", async () => {
    const blind = { AuditEvent: [["2026-02-01T00:00:00Z", "2026-03-01T09:30:00Z"]] };
    await scan("worse", wardFolder([...somebodyVerifies, patient("a"), report("a"), observation("a", "HH")], blind));
    const { id } = await findingOf("worse", "DiagnosticReport/a");
    await record({ loopIds: [id] }, "dismiss", { reason: "known outage" });
    expect(await statuses("worse")).toEqual(["DiagnosticReport/a unknown dismissed"]);
    await scan("worse", wardFolder([]));
    expect(await findingOf("worse", "DiagnosticReport/a")).toMatchObject({
      verdict: "missed",
      status: "open",
      statusReason: "dismissed when it was unknown; it is now missed",
    });
    expect((await countFindings(connection.db, everyone, { sites: ["worse"] })).byVerdict).toMatchObject({ missed: 2 });
  });

  it("of a missed finding holds when it turns out late", async () => {
    await scan("late", wardFolder([...somebodyVerifies, patient("a"), report("a"), observation("a", "HH")]));
    const { id } = await findingOf("late", "DiagnosticReport/a");
    await record({ loopIds: [id] }, "confirm");
    await record({ loopIds: [id] }, "close");
    await scan("late", wardFolder([verify("a", "2026-03-04T09:00:00Z")]));
    expect(await statuses("late")).toEqual(["DiagnosticReport/a late closed"]);
  });

  it("whose finding is gone still shows, as no longer applying, to those who might have seen it", async () => {
    await scan("gone", wardFolder([...somebodyVerifies, patient("a"), report("a"), observation("a", "HH")]));
    const seen = await findingOf("gone", "DiagnosticReport/a");
    await record({ loopIds: [seen.id] }, "confirm");
    await scan("gone", wardFolder([observation("a", "N", 2)]));
    expect(await list("gone")).toEqual([]);
    const gone = {
      finding: seen.id,
      verdict: "missed",
      verdictNow: null,
      noLongerApplies: "Its result now reads normal, which this signal does not follow up.",
    };
    expect(await reviewsOf(seen.id)).toMatchObject([gone]);
    expect((await reviewsOf(seen.id))[0]?.saw?.title).toBe(seen.title);
    const clinician: Viewer = { person: "c", role: "clinician", sites: "all", teams: ["Organization/x"], mayReadRestricted: false };
    expect(await reviewsOf(seen.id, clinician)).toMatchObject([gone]);
    expect(await reviewsOf(seen.id, { ...clinician, sites: ["elsewhere"] })).toEqual([]);
    await connection.db
      .updateTable("record")
      .set({ labels: ["restricted"] })
      .where("type", "=", "DiagnosticReport")
      .where("id", "=", "a")
      .execute();
    expect(await reviewsOf(seen.id, clinician)).toEqual([]);
    await connection.db.updateTable("record").set({ labels: null }).where("type", "=", "DiagnosticReport").where("id", "=", "a").execute();
  });
});

describe("recording a review", () => {
  let ids: Record<"a" | "b", string>;

  async function ward(site: string): Promise<void> {
    const records = ["a", "b"].flatMap((name) => [patient(name), report(name), observation(name, "HH")]);
    await scan(site, wardFolder([...somebodyVerifies, ...records]));
    ids = { a: (await findingOf(site, "DiagnosticReport/a")).id, b: (await findingOf(site, "DiagnosticReport/b")).id };
  }

  it("refuses what is unknown, not visible, not a finding, not reasoned, not possible, or has moved on", async () => {
    await ward("refused");
    const met = (
      await listFindings(
        connection.db,
        everyone,
        { sites: ["refused"], verdicts: ["met"], signals: ["result-unacknowledged"] },
        { limit: 1 },
      )
    ).findings[0]!.id;
    const code = (code: string) => expect.objectContaining({ code }) as unknown;
    await expect(record({ loopIds: [randomUUID()] }, "take")).rejects.toEqual(code("finding-not-found"));
    await expect(record({ loopIds: ["nonsense"] }, "take")).rejects.toEqual(code("finding-not-found"));
    await expect(record({ loopIds: [ids.a] }, "take", {}, { ...ann, sites: ["elsewhere"] })).rejects.toEqual(code("finding-not-found"));
    await expect(record({ case: "ServiceRequest/none", site: "refused" }, "take")).rejects.toEqual(code("finding-not-found"));
    await expect(record({ loopIds: [met] }, "take")).rejects.toEqual(code("not-a-finding"));
    await expect(record({ loopIds: [ids.a] }, "dismiss", { reason: "  " })).rejects.toEqual(code("reason-needed"));
    await expect(record({ loopIds: [ids.a] }, "take", { expected: { [ids.a]: "unknown" } })).rejects.toEqual(code("finding-moved-on"));
    await expect(record({ loopIds: [ids.a] }, "close")).rejects.toEqual(
      expect.objectContaining({
        code: "step-not-allowed",
        fix: "What is possible from there: take, confirm, dismiss, assign, snooze, escalate, note.",
      }),
    );
    await expect(record({ loopIds: [ids.a, randomUUID()] }, "take")).rejects.toEqual(code("finding-not-found"));
    expect(await statuses("refused")).toEqual(expect.arrayContaining(["DiagnosticReport/a missed open", "DiagnosticReport/b missed open"]));
    expect((await listReviews(connection.db, everyone, { sites: ["refused"] }, { limit: 10 })).reviews).toEqual([]);
  });

  it("gives each step its place though several are made in one millisecond", async () => {
    await ward("order");
    for (const step of ["take", "confirm", "close"] as const) await record({ loopIds: [ids.a] }, step);
    expect((await reviewsOf(ids.a)).map((review) => `${review.step} ${review.at}`)).toEqual([
      "take 2026-03-16T09:00:00Z",
      "confirm 2026-03-16T09:00:00.001Z",
      "close 2026-03-16T09:00:00.002Z",
    ]);
    expect((await findingOf("order", "DiagnosticReport/a")).status).toBe("closed");
  });

  it("is one review where the same id comes twice", async () => {
    await ward("twice");
    const id = randomUUID();
    expect(await record({ loopIds: [ids.a] }, "take", { id })).toMatchObject([{ status: "in-review" }]);
    expect(await record({ loopIds: [ids.a] }, "take", { id })).toMatchObject([{ status: "in-review" }]);
    expect((await reviewsOf(ids.a)).length).toBe(1);
  });

  it("lets one of two who judge at once win, and tells the other", async () => {
    await ward("race");
    const results = await Promise.allSettled([
      record({ loopIds: [ids.a] }, "confirm"),
      record({ loopIds: [ids.a] }, "dismiss", { reason: "harmless" }, ben),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await reviewsOf(ids.a)).length).toBe(1);
  });

  it("takes back one's own last step", async () => {
    await ward("undo");
    await record({ loopIds: [ids.a] }, "confirm");
    await expect(record({ loopIds: [ids.a] }, "undo", {}, ben)).rejects.toMatchObject({ code: "step-not-allowed" });
    expect(await record({ loopIds: [ids.a] }, "undo")).toMatchObject([{ status: "open" }]);
    expect((await reviewsOf(ids.a)).map((review) => review.step)).toEqual(["confirm", "undo"]);
  });
});
