import type { HTMLElement } from "node-html-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import { listCases, type Case } from "../../src/store/case.ts";
import { findFinding } from "../../src/store/finding.ts";
import { recordReview } from "../../src/store/review.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { hospitalNow, scanHospital } from "../store/scanned-hospital.ts";
import { formUnder, pagesHere, readable, under, type PagesHere, type ShownPage } from "./pages-here.ts";

let connection: Connection;
let pages: PagesHere;
let cases: Case[];
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
  pages = await pagesHere(connection);
  cases = (await listCases(connection.db, everyone, { sites: ["north"] }, { limit: 40 })).cases;
});
afterAll(async () => {
  await pages.close();
  await connection.close();
});

/** A case that no other test of this file touches. */
function takeCase(size: number): Case {
  const index = cases.findIndex(({ findings }) => findings.length === size);
  return cases.splice(index, 1)[0]!;
}

const pageOf = ({ findings: [first] }: Case, query = ""): Promise<ShownPage> => pages.get(`/findings/${first.id}${query}`);
const form = (page: ShownPage): HTMLElement => formUnder(page, "Your review");

async function reviewsOf({ findings }: Case): Promise<string[]> {
  const ids = findings.map(({ id }) => id);
  const rows = await connection.db
    .selectFrom("review")
    .select(["step", "reason", "reviewer", "at"])
    .where("loop_id", "in", ids)
    .orderBy("at")
    .execute();
  return rows.map(({ step, reason, reviewer }) => [step, reason, reviewer].filter(Boolean).join(", "));
}

async function statusesOf({ findings }: Case): Promise<(string | undefined)[]> {
  const found = await Promise.all(findings.map(({ id }) => findFinding(connection.db, everyone, id)));
  return found.map((finding) => finding?.status);
}

describe("a review", () => {
  it("is recorded on all of the case, and shown at an address of its own", async () => {
    const reviewed = takeCase(2);
    const answer = await pages.send(form(await pageOf(reviewed)), { step: "confirm", reason: "  Told the ward.\nDr Hale acts. " });
    expect(answer.status).toBe(303);
    expect(await reviewsOf(reviewed)).toEqual(Array(2).fill("confirm, Told the ward.\nDr Hale acts., demo"));
    expect(await statusesOf(reviewed)).toEqual(["confirmed", "confirmed"]);
    const page = await pages.get(answer.headers.get("location")!);
    expect(page.texts("h1")).toEqual(["Confirmed: somebody must act on it."]);
    expect(page.texts("main p")).toContain("Told the ward. Dr Hale acts.");
    expect(under(await pageOf(reviewed), "Reviews so far")).toBe(
      "16 Mar 2026, 09:00 GMT Confirm: it was missed, and somebody must act, by demo (it said “Missed” then) Told the ward. Dr Hale acts.",
    );
  });

  it("is of one finding alone where only that is asked for", async () => {
    const reviewed = takeCase(2);
    await pages.send(form(await pageOf(reviewed)), { step: "take", covers: "this" });
    expect(await statusesOf(reviewed)).toEqual(["in-review", "open"]);
  });

  it("sent twice is one review", async () => {
    const reviewed = takeCase(1);
    const sent = form(await pageOf(reviewed));
    const [one, other] = [
      await pages.send(sent, { step: "note", reason: "seen" }),
      await pages.send(sent, { step: "note", reason: "seen" }),
    ];
    expect([one.status, other.status, one.headers.get("location")]).toEqual([303, 303, other.headers.get("location")]);
    expect(await reviewsOf(reviewed)).toEqual(["note, seen, demo"]);
  });

  it("without a decision, or without a reason where one is needed, keeps what was typed and says what is missing", async () => {
    const reviewed = takeCase(1);
    const undecided = await pages.send(form(await pageOf(reviewed)), { reason: "I typed <this>" });
    expect([undecided.status, undecided.texts('[role="alert"] a')]).toEqual([422, ["Choose what you have decided."]]);
    expect(undecided.texts("textarea")).toEqual(["I typed <this>"]);
    const unreasoned = await pages.send(form(undecided), { step: "dismiss", reason: "   " });
    expect([unreasoned.status, unreasoned.texts('[role="alert"] a')]).toEqual([
      422,
      ["Say in a few words why: whoever reads it next was not there."],
    ]);
    expect(unreasoned.document.querySelector('input[name="step"][checked]')?.getAttribute("value")).toBe("dismiss");
    expect(await reviewsOf(reviewed)).toEqual([]);
  });

  it("offers only the steps that are possible, and says why the others are not", async () => {
    const reviewed = takeCase(1);
    const page = await pageOf(reviewed);
    const offered = form(page)
      .querySelectorAll('input[name="step"]')
      .map((input) => input.getAttribute("value"));
    expect(offered).toEqual(["take", "confirm", "dismiss", "assign", "snooze", "escalate", "note"]);
    expect(
      form(page)
        .querySelectorAll("details li")
        .map((each) => readable(each.textContent)),
    ).toEqual([
      "Give it back: only while it is in review",
      "Close: it has been acted on: only after it is confirmed",
      "Open it again: only after it is dismissed or closed",
      "Take back my last step: only after a step of your own that nobody has built on",
    ]);
  });

  it("of what a scan has judged anew is refused with what changed, and what was typed is kept", async () => {
    const reviewed = takeCase(1);
    const [{ id }] = reviewed.findings;
    const shown = form(await pageOf(reviewed));
    await connection.db.updateTable("loop").set({ verdict: "late" }).where("loop_id", "=", id).execute();
    const answer = await pages.send(shown, { step: "dismiss", reason: "telephoned" });
    expect(answer.status).toBe(409);
    expect(answer.texts("main > ul li")).toEqual([`${reviewed.findings[0].title!}: was “Missed” when you looked, and is now “Late”.`]);
    expect(answer.texts("textarea")).toEqual(["telephoned"]);
    expect(await reviewsOf(reviewed)).toEqual([]);
    const again = await pages.send(form(answer), {});
    expect([again.status, await reviewsOf(reviewed)]).toEqual([303, ["dismiss, telephoned, demo"]]);
  });

  it("of what somebody else has closed meanwhile is refused with where it stands", async () => {
    const reviewed = takeCase(1);
    const [{ id }] = reviewed.findings;
    const shown = form(await pageOf(reviewed));
    const other = { ...everyone, person: "another" };
    await recordReview(connection.db, other, {
      of: { loopIds: [id] },
      step: "dismiss",
      reason: "it was done",
      at: hospitalNow,
      id: "11111111-1111-4111-8111-111111111111",
    });
    const answer = await pages.send(shown, { step: "confirm", reason: "" });
    expect(answer.status).toBe(409);
    expect(answer.texts("main > ul li")).toEqual(["Somebody has reviewed it meanwhile: it is now “Dismissed”."]);
    expect(answer.texts("main > p")[0]).toContain("That is not possible from where it now stands.");
  });

  it("leads on to the next open case, with the filters that it came from", async () => {
    const reviewed = takeCase(1);
    const answer = await pages.send(form(await pageOf(reviewed, "?list=site%3Dnorth%26evil%3Dx")), { step: "dismiss", reason: "done" });
    const page = await pages.get(answer.headers.get("location")!);
    const next = page.document.querySelectorAll("main a").map((a) => [readable(a.textContent), a.getAttribute("href")!] as const);
    expect(next.map(([text]) => text)).toEqual(["Open the next case", "Back to the worklist", "See this one again"]);
    expect(next[0]![1]).toMatch(/^\/findings\/[0-9a-f-]{36}\?list=site%3Dnorth$/);
    expect(next[0]![1]).not.toContain(reviewed.findings[0].id);
    expect(next[1]![1]).toBe("/?site=north");
  });

  it("from the page of another site does nothing", async () => {
    const reviewed = takeCase(1);
    const action = form(await pageOf(reviewed)).getAttribute("action")!;
    const body = new URLSearchParams({ id: "22222222-2222-4222-8222-222222222222", step: "confirm" });
    const answer = await fetch(pages.url + action, { method: "POST", body, headers: { origin: "https://evil.example" } });
    expect([answer.status, await reviewsOf(reviewed)]).toEqual([403, []]);
  });

  it("of a form that is not whole does nothing", async () => {
    const reviewed = takeCase(1);
    const action = form(await pageOf(reviewed)).getAttribute("action")!;
    const answer = await fetch(pages.url + action, { method: "POST", body: new URLSearchParams({ step: "confirm" }) });
    expect([answer.status, await reviewsOf(reviewed)]).toEqual([400, []]);
    expect(await answer.text()).toContain("Open the finding again, and send its form.");
  });
});
