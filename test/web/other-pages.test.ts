import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { startRun } from "../../src/store/run.ts";
import { listSites } from "../../src/store/site.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { hospitalNow, scanHospital } from "../store/scanned-hospital.ts";
import { formUnder, pagesHere, readable, under, type PagesHere } from "./pages-here.ts";
import { readCatalogue, readSeriesCatalogue } from "../../src/signals/catalogue.ts";

let connection: Connection;
let pages: PagesHere;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
  pages = await pagesHere(connection);
});
afterAll(async () => {
  await pages.close();
  await connection.close();
});

describe("scans", () => {
  it("are listed, each with how completely it saw and a page of its own", async () => {
    const list = await pages.get("/runs");
    expect(list.texts("tbody tr").toSorted()).toEqual(
      ["north Not whole", "south Whole", "west Not whole"].map(
        (said) => `16 Mar 2026, 09:00 GMT ${said} Read and judged 16 Mar 2026, 09:00 GMT under a minute`,
      ),
    );
    const north = list.document.querySelectorAll("tbody tr").find((row) => row.textContent.includes("north"))!;
    const page = await pages.get(north.querySelector("a")!.getAttribute("href")!);
    expect(page.texts("h1")).toEqual(["Scan of north, 16 Mar 2026, 09:00 GMT"]);
    expect(under(page, "What it could not see")).toContain(
      "AuditEvent, Provenance, Task were not read from 2026-02-05 01:00 to 05:00 UTC.",
    );
  });

  it("account for all that they read, and show what every signal decided", async () => {
    const list = await pages.get("/runs");
    for (const link of list.document.querySelectorAll("tbody a")) {
      const page = await pages.get(link.getAttribute("href")!);
      const rows = page.document.querySelectorAll("section:has(#read) tbody tr");
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        const [read = 0, ...others] = row.querySelectorAll(".ft-table__number").map((cell) => Number(cell.textContent));
        expect(others.reduce((sum, each) => sum + each, 0)).toBe(read);
      }
      expect(page.texts("section:has(#decided) tbody th").length).toBeGreaterThan(0);
    }
  });

  it("are asked for by a form, once however often it is sent", async () => {
    const form = formUnder(await pages.get("/runs"), "Scan now");
    const [one, other] = [await pages.send(form, { site: "north" }), await pages.send(form, { site: "north" })];
    expect([one.status, one.headers.get("location")]).toEqual([303, other.headers.get("location")]);
    const asked = await connection.db.selectFrom("due_run").select(["kind", "asked_by", "state"]).execute();
    expect(asked).toEqual([{ kind: "increment", asked_by: "demo", state: "waiting" }]);
    await connection.db.updateTable("due_run").set({ state: "done", run_id: randomUUID() }).execute();
    expect((await pages.send(form, { site: "north" })).headers.get("location")).toBe(one.headers.get("location"));
    await connection.db.updateTable("due_run").set({ state: "waiting", run_id: null }).execute();
    expect((await pages.get(one.headers.get("location")!)).texts('[role="status"]')[0]).toMatch(
      /^The scan of north is asked for, and waits for the worker\./,
    );
    expect((await pages.send(form, { site: "elsewhere" })).status).toBe(404);
  });

  it("that are running, and those that left no account, say so", async () => {
    const [site] = await listSites(connection.db);
    const id = randomUUID();
    await startRun(connection.db, { id, siteId: site!.siteId, kind: "scan", startedAt: hospitalNow - 1000 });
    const now = await pages.get(`/runs/${id}`);
    expect([now.texts('[role="status"]')[0], now.texts(".ft-warn")]).toEqual([
      expect.stringMatching(/^It is reading and judging now\./),
      [],
    ]);
    await connection.db.updateTable("run").set({ state: "interrupted" }).where("run_id", "=", id).execute();
    const later = await pages.get(`/runs/${id}`);
    expect(later.texts("main > p").join(" ")).toContain("It left no account of what it read: it failed or was interrupted.");
    expect(later.texts("main dd")).toContain("Read and judged, never ended");
    await connection.db.deleteFrom("run").where("run_id", "=", id).execute();
  });

  it.each(["/runs/nonsense", "/runs/11111111-1111-4111-8111-111111111111"])("%s is none", async (path) => {
    expect((await pages.get(path)).status).toBe(404);
  });
});

describe("feeds", () => {
  it("say by type what was read, in words beside the strip, and what was not", async () => {
    const page = await pages.get("/feeds");
    expect(page.texts("h2")).toEqual(["north", "south", "west"]);
    const rows = page.texts("section:has(#site-1) tbody tr");
    expect(rows).toContain(
      "AuditEvent from folder 99.8 % of it was read, as its coverage.json says 5 Feb 2026, 01:00 GMT to 05:00 GMT 16 Mar 2026, 09:00 GMT, last found by the scan of 16 Mar 2026, 09:00 GMT",
    );
    expect(rows).toContain(
      "Patient from folder all of it was read, as its coverage.json says – 16 Mar 2026, 09:00 GMT, last found by the scan of 16 Mar 2026, 09:00 GMT",
    );
    // A gap of four hours in 105 days is drawn wide enough to be seen.
    const audit = page.document.querySelectorAll("section:has(#site-1) tbody tr").find((row) => row.textContent.includes("AuditEvent"))!;
    expect(audit.querySelectorAll("rect").map((rect) => rect.getAttribute("width"))).toEqual(["1000", "5"]);
  });
});

describe("signals", () => {
  it("are listed, and each is told in words", async () => {
    const list = await pages.get("/signals");
    const hrefs = list.document.querySelectorAll("main a").map((a) => a.getAttribute("href")!);
    expect(hrefs).toHaveLength(readCatalogue().length + readSeriesCatalogue().length);
    for (const href of hrefs) expect((await pages.get(href)).status).toBe(200);
    const page = await pages.get("/signals/result-unacknowledged");
    expect(page.texts("h2")).toEqual(expect.arrayContaining(["Opens when", "Within (the first row that fits)", "Often harmless"]));
    expect(page.texts("tbody tr").map(readable)).toEqual([
      "critical2 hoursRCPath KPI",
      "emergency setting48 hoursRCEM 2017",
      "otherwise14 daysSingh 2009",
    ]);
  });

  it("that do not exist are told from those that do", async () => {
    const page = await pages.get("/signals/result-unacknowleged");
    expect([page.status, page.texts("main p")[0]]).toEqual([
      404,
      'There is no signal "result-unacknowleged". Did you mean "result-unacknowledged"?',
    ]);
  });
});

describe("every page", () => {
  it("has the warning above all else, one main heading, landmarks, and headings in order", async () => {
    const [finding] = (await pages.get("/")).document.querySelectorAll("main h3 a").map((a) => a.getAttribute("href")!);
    const [run] = (await pages.get("/runs")).document.querySelectorAll("tbody a").map((a) => a.getAttribute("href")!);
    for (const path of ["/", finding!, "/runs", run!, "/feeds", "/signals", "/signals/task-overdue", "/nowhere"]) {
      const page = await pages.get(path);
      const warning = page.document.querySelector('section[aria-labelledby="seen"]')!;
      expect(readable(warning.querySelector("p")!.textContent)).toBe(
        "Warning Not everything was seen. What is not listed may still have been missed.",
      );
      expect(page.html.indexOf(warning.outerHTML.slice(0, 50))).toBeLessThan(page.html.indexOf("<main"));
      expect(page.texts("h1")).toHaveLength(1);
      const levels = page.document.querySelectorAll("main h1, main h2, main h3").map((each) => Number(each.tagName[1]));
      for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
      expect(["header", "nav", "main", "footer"].filter((each) => page.document.querySelector(each) === null)).toEqual([]);
      expect(page.document.querySelector("a")!.getAttribute("href")).toBe("#maincontent");
      expect(page.html).not.toMatch(/ style=|<style|<script| on\w+=/);
      expect(page.headers.get("cache-control")).toBe("no-store");
    }
  });

  it("that is not there says so, and a defect shows its id and nothing else of itself", async () => {
    expect((await pages.get("/nowhere")).texts("main p")).toContain("There is nothing at this address.");
    const broken = await pagesHere(connection, {
      clock: () => {
        throw new Error("Patient/secret");
      },
    });
    const page = await broken.get("/runs");
    await broken.close();
    expect(page.status).toBe(500);
    expect(page.html).toMatch(/^A defect of Followthrough\n/);
    expect(page.html + broken.logged.join("")).not.toContain("secret");
  });
});

describe("a site that is configured and was never read", () => {
  it("is never forgotten: it stands in the warning, and a scan of it can be asked for", async () => {
    const config = loadConfig({ env: {} });
    const more = await pagesHere(connection, { config: { ...config, sites: [siteConfig(config, "east")] } });
    const page = await more.get("/runs");
    expect(page.texts('section[aria-labelledby="seen"] summary')[0]).toContain("east: never judged, so nothing is known of it.");
    const answer = await more.send(formUnder(page, "Scan now"), { site: "east", kind: "reconcile" });
    const text = (await more.get(answer.headers.get("location")!)).texts('[role="status"]')[0];
    await more.close();
    expect(text).toMatch(/^The scan of east is asked for/);
  });
});

describe("before anything was scanned", () => {
  it("no page can be read as nothing missed", async () => {
    const empty = await scratchDatabase();
    const fresh = await pagesHere(empty);
    const page = await fresh.get("/");
    const others = await Promise.all(["/runs", "/feeds", "/signals"].map((path) => fresh.get(path)));
    await fresh.close();
    await empty.close();
    expect(page.texts("section p")[0]).toBe("Warning Nothing has been scanned yet, so nothing is known.");
    expect(page.texts("main h2")).toEqual(["Nothing has been judged yet"]);
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});
