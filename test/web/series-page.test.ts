import { afterAll, beforeAll, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { enabledSeries } from "../../src/insight/enabled-signals.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { scanAlarmedFeed } from "../store/alarmed-feed.ts";
import { scanInto } from "../store/scanned-hospital.ts";
import { scanForPages } from "../worker/measured-hospital.ts";
import { pagesHere, type PagesHere, type ShownPage } from "./pages-here.ts";

let connection: Connection;
let pages: PagesHere;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanAlarmedFeed(connection);
  await scanForPages(connection);
  pages = await pagesHere(connection);
});
afterAll(async () => {
  await pages.close();
  await connection.close();
});

const alarmsOf = (page: ShownPage): string[] => page.texts('section[aria-labelledby="alarms"] tbody tr');

it("tells hours of silence that touch once, with what came and what is usual, and draws them", async () => {
  const page = await pages.get("/series/feed-silence");
  expect(alarmsOf(page)).toEqual([
    "11 Mar 2026, 10:00 GMT to 13:00 GMTAuditEvent from epr, harboursilent, far fewer than usual0188 to 202",
  ]);
  expect(page.document.querySelectorAll(".ft-chart__alarm").length).toBe(3);
  expect(page.document.querySelectorAll(".ft-chart__value").length).toBe(1);
  // Every hour of the chart stands in the table as well.
  expect(page.texts('section[aria-labelledby="chart"] tbody tr').length).toBe(168);
  expect(page.texts("#chart-says")[0]).toContain("168 of the 168 hours were read; 3 of them break a rule.");
});

it("says what was not read, and breaks its lines there", async () => {
  const page = await pages.get("/series/feed-surge?site=harbour&source=epr&type=AuditEvent");
  expect(alarmsOf(page).length).toBe(1);
  expect(page.document.querySelectorAll(".ft-chart__unread").length).toBe(1);
  expect(page.document.querySelectorAll(".ft-chart__value").length).toBe(2);
  expect(page.texts("#chart-says")[0]).toContain("144 of the 168 hours were read; 1 of them breaks a rule.");
});

it("is found from the pages Feeds and Signals, and names nothing that is not there", async () => {
  const feeds = await pages.get("/feeds");
  expect(feeds.texts("section li a").map((text) => text.replace(/,.*/, ""))).toEqual([
    "AuditEvent from epr",
    "AuditEvent from epr",
    "The mean serum potassium shifted",
  ]);
  expect((await pages.get("/signals")).texts("h3")).toEqual(expect.arrayContaining(["A feed fell silent", "A feed surged"]));
  // The first of its two runs found nothing yet; by the clock here both began at once.
  const runs = (await pages.get("/runs")).document.querySelectorAll("tbody a").map((link) => link.getAttribute("href")!);
  const told = await Promise.all(runs.map(async (run) => (await pages.get(run)).texts('section[aria-labelledby="series"] li')));
  expect(told.flat().sort()).toEqual(["feed-silence: 3 hours broke a rule", "feed-surge: 1 hour broke a rule", "potassium-shift: 1 alarm"]);
  expect((await pages.get("/series/feed-silense")).status).toBe(404);
});

it("draws the days of a series of values, each run of alarms once, and says what is left out and not read", async () => {
  const page = await pages.get("/series/potassium-shift");
  expect(alarmsOf(page)).toEqual(["2 Apr 2026, 00:00 BST to 3 Apr 2026, 00:00 BSTthe whole site, northoutside the limits6.34.25"]);
  expect(page.texts('section[aria-labelledby="chart"] h2')).toEqual(["The whole site, north"]);
  expect(page.document.querySelectorAll(".ft-chart__alarm").length).toBe(1);
  // What lies before the first that was read, and the day between.
  const says = page.texts("#chart-says")[0]!;
  expect(says).toContain("Mean, mmol/L. 32 of the 91 days were read, and 30 of them have a number");
  expect(says).toContain("1 of them breaks a rule.");
  expect(says).toMatch(/ \d+ values whose unit does not convert, or that is a mere bound, are left out\./);
  expect(page.texts('section[aria-labelledby="chart"] tbody tr').length).toBe(30);
  expect((await pages.get("/series/duplicate-tests")).texts("#chart-says")[0]).toContain(
    "Repeats per 100 patients. 3 of the 51 weeks were read",
  );
  expect((await pages.get("/series/feed-silence")).texts('section[aria-labelledby="chart"] h2')).toEqual(["AuditEvent from epr, harbour"]);
  expect((await pages.get("/signals")).texts("li.ft-panel p").filter((text) => text.includes("so far"))).toContain(
    "1 alarm so far. The latest: the whole site, north, 2 Apr 2026, 00:00 BST to 3 Apr 2026, 00:00 BST (outside the limits).",
  );
});

it("takes down what happened, with a reason: an outage is a gap from the next scan on, until it is taken back", async () => {
  const page = await pages.get("/series/feed-silence?site=harbour&source=epr&type=AuditEvent&until=1773360000000");
  const form = page.document.querySelector('form[action="/feeds/statements"]')!;
  const time = form.querySelector("option")!.getAttribute("value")!;
  expect((await pages.send(form, { says: "outage", time, reason: "" })).status).toBe(422);
  expect((await pages.send(form, { says: "outage", time, reason: "Upgrade of the EPR" })).headers.get("location")).toBe("/feeds");
  const said = await pages.get("/feeds");
  expect(said.texts("li.ft-panel > p")[0]).toContain(
    "An outage of AuditEvent from epr, 11 Mar 2026, 10:00 GMT to 13:00 GMT: “Upgrade of the EPR” (demo).",
  );
  // The hours of an outage are no longer among those read.
  expect(said.texts(".ft-table--feeds tbody tr").find((row) => row.includes("AuditEvent"))).toContain(
    "11 Mar 2026, 10:00 GMT to 13:00 GMT",
  );
  await scanAgain();
  expect(alarmsOf(await pages.get("/series/feed-silence"))).toEqual([]);
  const undo = (await pages.get("/feeds")).document.querySelector("li.ft-panel form")!;
  expect((await pages.send(undo, { reason: "It was another day" })).status).toBe(303);
  await scanAgain();
  expect(alarmsOf(await pages.get("/series/feed-silence")).length).toBe(1);
  expect((await connection.db.selectFrom("feed_statement").selectAll().execute()).length).toBe(2);
});

async function scanAgain(): Promise<void> {
  await scanInto(connection, "harbour", { series: enabledSeries({ timeZone: "Europe/London", signals: {} }) });
}
