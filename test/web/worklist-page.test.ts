import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import { listCases } from "../../src/store/case.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { hospitalNow, scanHospital } from "../store/scanned-hospital.ts";
import { pagesHere, readable, type PagesHere, type ShownPage } from "./pages-here.ts";

let connection: Connection;
let pages: PagesHere;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
  pages = await pagesHere(connection, { config: withEprLink(), banner: "Invented data: no patient here is real." });
});
afterAll(async () => {
  await pages.close();
  await connection.close();
});

function withEprLink(): Config {
  const config = loadConfig({ env: {} });
  return { ...config, sites: [{ ...siteConfig(config, "north"), eprLink: "https://epr.example/patient/{id}" }] };
}

/** Rows by what they are about, each as a person reads it. */
function rowsOf(page: ShownPage): string[] {
  return page.document.querySelectorAll("main ol > li").map((row) => readable(row.textContent));
}

async function walk(path: string): Promise<ShownPage[]> {
  const found: ShownPage[] = [];
  for (let next: string | null | undefined = path; next; next = found.at(-1)?.document.querySelector('a[rel="next"]')?.getAttribute("href"))
    found.push(await pages.get(next));
  return found;
}

describe("the worklist", () => {
  it("says in one row what, how urgent, who, where, how long, whose and what next", async () => {
    const row = (await walk("/")).flatMap(rowsOf).find((each) => each.includes("THACKRAY"));
    expect(row).toBe(
      "Potassium 7.1 mmol/L Critical range 3.5 to 5.3 mmol/L Result not acknowledged in time " +
        "Patient THACKRAY, Olive Born 02-May-1941 (84y) NHS number 999 381 3702 Open in the EPR: THACKRAY, Olive (new tab) " +
        "Overdue 68 minutes, since 16 Mar 2026, 07:52 GMT Whose Registrar Where north: Acute Medical Unit, inpatient Status Open " +
        "Next: Today, look for a phone call or letter about this result in the notes. " +
        "Also in this case: Critical result not communicated in time (missed, due 16 Mar 2026, 07:52 GMT)",
    );
  });

  it("has every case once over its pages, the most urgent first", async () => {
    const { cases } = await listCases(connection.db, everyone, {}, { limit: 1000 });
    const walked = await walk("/");
    const linked = walked.flatMap(({ document }) => document.querySelectorAll("main h3 a").map((a) => a.getAttribute("href")!));
    expect(walked.length).toBeGreaterThan(1);
    expect(linked.map((href) => href.replace(/\?.*/, ""))).toEqual(cases.map(({ findings: [first] }) => `/findings/${first.id}`));
  });

  it("counts what is missed, nobody's, and left out", async () => {
    expect((await pages.get("/")).texts('main ul[aria-label="How many there are"] li')).toEqual([
      "80 steps missed.",
      "66 of them nobody’s yet: shown to every team until somebody takes them.",
      "2 more of test patients are left out.",
    ]);
  });

  it("says one line a cause of what nobody can judge, with what would settle it", async () => {
    const lines = (await pages.get("/")).texts("section li").filter((line) => / at (north|south|west):/.test(line));
    expect(lines).toContain(
      "5 at south: what would settle them was never recorded here in a form that we read. (Result not acknowledged in time; Task not completed in time) " +
        "What would settle them: Nothing that would close this signal has ever been seen here: find out how this EPR records it, or whether it does.",
    );
  });

  it("filters by what the address says, and its form shows what is chosen", async () => {
    const page = await pages.get("/?urgency=critical&site=north&team=&status=open");
    expect(page.document.querySelector('select[name="urgency"] option[selected]')?.textContent).toBe("Critical");
    expect(rowsOf(page).length).toBeGreaterThan(0);
    for (const row of rowsOf(page)) expect(row).toMatch(/Critical.*Where north:.*Status Open/);
    const all = (await walk("/?site=west")).flatMap(rowsOf);
    expect(all.every((row) => row.includes("Where west:"))).toBe(true);
  });

  it("keeps the filters on the way to the next page and to a finding", async () => {
    const page = await pages.get("/?site=north");
    expect(page.document.querySelector('a[rel="next"]')!.getAttribute("href")).toMatch(/^\/\?site=north&after=/);
    expect(page.document.querySelector("main h3 a")!.getAttribute("href")).toMatch(/\?list=site%3Dnorth$/);
  });

  it("links into the EPR only where that is configured, in a new tab, and tells it nothing of this page", async () => {
    const links = (await walk("/")).flatMap(({ document }) => document.querySelectorAll('a[target="_blank"]'));
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      expect(link.getAttribute("href")).toMatch(/^https:\/\/epr\.example\/patient\/[\w.-]+$/);
      expect(link.getAttribute("rel")).toBe("noreferrer");
      expect(readable(link.closest("li")!.textContent)).toContain("Where north:");
    }
  });

  it("records who was shown which findings", async () => {
    const before = await connection.db.selectFrom("look").selectAll().where("how", "=", "worklist page").execute();
    await pages.get("/?site=west");
    const looks = await connection.db.selectFrom("look").selectAll().where("how", "=", "worklist page").execute();
    const [look, ...others] = looks.filter(({ look_id }) => !before.some((each) => each.look_id === look_id));
    const { cases } = await listCases(connection.db, everyone, { sites: ["west"] }, { limit: 25 });
    expect(others).toEqual([]);
    expect({ viewer: look!.viewer, at: look!.at, loops: look!.loops.toSorted() }).toEqual({
      viewer: "demo",
      at: hospitalNow,
      loops: cases.flatMap(({ findings }) => findings.map(({ id }) => id)).toSorted(),
    });
  });

  it("refuses what it does not know as a page that says what to do", async () => {
    const page = await pages.get("/?site=nroth");
    expect(page.status).toBe(400);
    expect(page.texts("main")[0]).toBe(
      'Unknown value The site "nroth" is not known. Did you mean "north"? What to do: It may be: north, south, west. Go to the worklist',
    );
    expect((await pages.get("/?after=1.2.3")).status).toBe(400);
  });

  it("shows the banner, its language and one heading", async () => {
    const page = await pages.get("/");
    expect(page.texts("aside")).toEqual(["Invented data: no patient here is real."]);
    expect(page.texts("h1")).toEqual(["Worklist"]);
    expect(page.document.querySelector("html")!.getAttribute("lang")).toBe("en-GB");
    expect(page.texts("title")).toEqual(["Worklist – Followthrough"]);
  });
});

describe("the style sheet", () => {
  it("may be kept for good, for its address changes with it", async () => {
    const href = (await pages.get("/")).document.querySelector('link[rel="stylesheet"]')!.getAttribute("href")!;
    const { status, headers } = await pages.get(href);
    expect([status, headers.get("content-type"), headers.get("cache-control")]).toEqual([
      200,
      "text/css; charset=utf-8",
      "public, max-age=31536000, immutable",
    ]);
  });

  it("names no other host", async () => {
    const href = (await pages.get("/")).document.querySelector('link[rel="stylesheet"]')!.getAttribute("href")!;
    expect((await pages.get(href)).html.match(/url\((?!"?data:)|@import|https?:\/\/(?!www\.w3\.org)/g)).toBeNull();
  });
});
