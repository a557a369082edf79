import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import { listFindings } from "../../src/store/finding.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { scanAlarmedFeed } from "../store/alarmed-feed.ts";
import { scanHospital } from "../store/scanned-hospital.ts";
import { pagesHere, type PagesHere } from "../web/pages-here.ts";
import { openBrowser, watchPage } from "./open-browser.ts";

const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

let browser: Browser;
let connection: Connection;
let pages: PagesHere;
let paths: string[];
beforeAll(async () => {
  browser = await openBrowser();
  connection = await scratchDatabase();
  await scanHospital(connection);
  await scanAlarmedFeed(connection);
  pages = await pagesHere(connection, { banner: "Invented data: no patient here is real." });
  const ofVerdict = async (verdict: "missed" | "late" | "unknown"): Promise<string> => {
    const { findings } = await listFindings(connection.db, everyone, { verdicts: [verdict] }, { limit: 1, order: "urgency" });
    return `/findings/${findings[0]!.id}`;
  };
  const run = (await pages.get("/runs")).document.querySelector("tbody a")!.getAttribute("href")!;
  paths = ["/", "/?site=north&urgency=critical", await ofVerdict("missed"), await ofVerdict("late"), await ofVerdict("unknown")];
  const quarantined = (await pages.get("/quarantine")).document.querySelector("section:has(#list) tbody a")!.getAttribute("href")!;
  paths.push(
    "/runs",
    run,
    "/feeds",
    "/quarantine",
    quarantined,
    "/doctor",
    "/signals",
    "/signals/result-unacknowledged",
    "/series/feed-silence",
    "/nowhere",
    "/?site=nroth",
  );
});
afterAll(async () => {
  await browser.close();
  await pages.close();
  await connection.close();
});

async function withPage(options: BrowserContextOptions, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext(options);
  try {
    await work(await context.newPage());
  } finally {
    await context.close();
  }
}

const widths = [320, 1440];

describe.each(widths)("at %i px", (width) => {
  const viewport = { width, height: 900 };

  it("no page scrolls sideways, complains, breaks its own policy or asks another host", async () => {
    await withPage({ viewport }, async (page) => {
      const faults = watchPage(page, pages.url);
      for (const path of paths) {
        faults.length = 0;
        const answer = await page.goto(pages.url + path);
        await openDetails(page);
        const sideways = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        // A browser complains of any answer that is not 200 itself.
        const complaints = answer!.status() === 200 ? faults : faults.filter((fault) => !fault.includes("status of 40"));
        expect({ path, sideways, complaints }).toEqual({ path, sideways: 0, complaints: [] });
      }
    });
  });

  it("no control lies on another", async () => {
    await withPage({ viewport }, async (page) => {
      for (const path of paths) {
        await page.goto(pages.url + path);
        await openDetails(page);
        const controls = page.locator("select, input:not([type=radio]):not([type=checkbox]), textarea, button").filter({ visible: true });
        const boxes = await Promise.all((await controls.all()).map((control) => control.boundingBox()));
        expect({ path, covered: listCovered(boxes.filter((box) => box !== null)) }).toEqual({ path, covered: [] });
      }
    });
  });

  it.each(["light", "dark"] as const)("nothing that axe finds stands in anybody's way, in %s colours", async (colorScheme) => {
    await withPage({ viewport, colorScheme, bypassCSP: true }, async (page) => {
      for (const path of paths) {
        await page.goto(pages.url + path);
        expect({ path, found: await listBarriers(page) }).toEqual({ path, found: [] });
      }
    });
  });
});

describe("the way through a review", () => {
  it("has nothing that axe finds in anybody's way either: a slip, a case that has moved on, what was recorded", async () => {
    await withPage({ bypassCSP: true }, async (page) => {
      const record = page.getByRole("button", { name: "Record this review" });
      await page.goto(pages.url + paths[4]!);
      const other = await page.context().newPage();
      await other.goto(page.url());
      await record.click();
      expect([await page.title(), await listBarriers(page)]).toEqual([expect.stringMatching(/^Error: /), []]);
      await other.getByLabel("Dismiss: nothing was missed").check();
      await other.getByLabel("Reason").fill("done, see the notes");
      await other.getByRole("button", { name: "Record this review" }).click();
      expect([await other.title(), await listBarriers(other)]).toEqual(["Review recorded – Followthrough", []]);
      await page.getByLabel("I am looking into it").check();
      await record.click();
      expect([await page.title(), await listBarriers(page)]).toEqual(["Not recorded: the finding has moved on – Followthrough", []]);
    });
  });
});

describe("without client-side script", () => {
  it("filters, findings and reviews work", async () => {
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(pages.url);
      await page.getByText("Filters").click();
      await page.getByLabel("Urgency").selectOption("Critical");
      await page.getByRole("button", { name: "Show these" }).click();
      expect(new URL(page.url()).searchParams.get("urgency")).toBe("critical");
      await page.getByRole("heading", { level: 3 }).first().getByRole("link").click();
      await page.getByLabel("I am looking into it").check();
      await page.getByRole("button", { name: "Record this review" }).click();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Taken: it is in review.");
      await page.getByRole("link", { name: "Open the next case" }).click();
      expect(new URL(page.url()).searchParams.get("list")).toBe("urgency=critical");
    });
  });
});

describe("with the keyboard alone", () => {
  it("a person skips to the content, judges a finding, and sees all the time where they are", async () => {
    await withPage({}, async (page) => {
      await page.goto(pages.url + paths[2]!);
      await page.keyboard.press("Tab");
      expect(await focused(page)).toBe("Skip to main content");
      await page.keyboard.press("Enter");
      await page.waitForURL(/#maincontent$/);
      const seen: string[] = [];
      while (!seen.includes("step")) {
        await page.keyboard.press("Tab");
        expect(await isFocusVisible(page)).toBe(true);
        seen.push(await page.evaluate<string>("document.activeElement.getAttribute('name')"));
        if (seen.length > 100) throw new Error("The form is not reached by Tab.");
      }
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Tab");
      await page.keyboard.type("told the ward");
      while ((await focused(page)) !== "Record this review") await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForURL(/reviewed/);
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Confirmed: somebody must act on it.");
    });
  });
});

describe("on paper", () => {
  it("a finding takes at most two sheets, with its patient, and without what can only be pressed", async () => {
    await withPage({}, async (page) => {
      await page.goto(pages.url + paths[2]!);
      await page.emulateMedia({ media: "print" });
      const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
      expect(pdf.match(/\/Type\s*\/Page\b/g)!.length).toBeLessThanOrEqual(2);
      expect(await page.getByRole("button").filter({ visible: true }).count()).toBe(0);
      expect(await page.locator(".ft-print-who").isVisible()).toBe(true);
    });
  });
});

/** What axe finds against WCAG 2.2 AA and good practice, folded parts open; run past the page's own policy, which lets no script in. */
async function listBarriers(page: Page): Promise<string[]> {
  await openDetails(page);
  await page.addScriptTag({ content: axe });
  return page.evaluate<string[]>(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" ")}`))',
  );
}

async function openDetails(page: Page): Promise<void> {
  await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
}

async function focused(page: Page): Promise<string> {
  return String(await page.evaluate("document.activeElement.textContent")).trim();
}

/** Something changes round what has the focus: an outline, a shadow, or, of a radio button, round its circle. */
function isFocusVisible(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const at = document.activeElement;
    const styles = [getComputedStyle(at), ...(at.labels ?? []), at.nextElementSibling].filter(Boolean).map((each) => each instanceof Element ? getComputedStyle(each, "::before") : each);
    return styles.some((style) => (style.outlineStyle !== "none" && style.outlineWidth !== "0px") || style.boxShadow !== "none");
  })()`);
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Of which another covers more than an edge. */
function listCovered(boxes: readonly Box[]): Box[] {
  const isOn = (one: Box, other: Box): boolean =>
    Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x) > 1 &&
    Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y) > 1;
  return boxes.filter((box) => boxes.some((other) => other !== box && isOn(box, other)));
}
