import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SiteConfig } from "../../src/config/config.ts";
import { siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { closedPort } from "../fhir/closed-port.ts";
import { eprEvent, secrets } from "../insight/epr-events.ts";
import { scanHospital } from "../store/scanned-hospital.ts";
import { pagesHere, under, type PagesHere } from "./pages-here.ts";

let connection: Connection;
let pages: PagesHere;
let folder: string;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
  const events = ["RES-OPEN", "RES-OPEN", "<b>RES</b>"].map((code, place) => `${JSON.stringify(eprEvent(String(place), code))}\n`);
  folder = mkdtempSync(join(tmpdir(), "followthrough-doctor-"));
  writeFileSync(join(folder, "AuditEvent.ndjson"), events.join(""));
  const sources: SiteConfig["sources"] = [
    { name: "export", folder },
    { name: "gone", url: `http://127.0.0.1:${closedPort}/fhir`, lagMs: 0 },
  ];
  const east = { ...siteConfig({ dataFolder: "", sites: [] }, "east"), sources };
  pages = await pagesHere(connection, { config: { dataFolder: "", sites: [east] } });
});
afterAll(async () => {
  await pages.close();
  rmSync(folder, { recursive: true });
  await connection.close();
});

describe("the doctor", () => {
  it("says at once of what is held what runs and why not, and asks nobody", async () => {
    const page = await pages.get("/doctor");
    expect(page.texts("h1, h2")).toEqual(["Doctor", "east", "north", "south", "west"]);
    const rows = page.texts("section:has(#site-3) tr").filter((row) => /^(Result not acknowledged|An order)/.test(row));
    expect(rows[0]).toMatch(/^Result not acknowledged.* Runs partly Nobody ever recorded here, in a form that we read/);
    // What runs is named, and needs no row of its own.
    expect(page.texts("section:has(#site-3) p").some((text) => /^Runs .*Order without a result/.test(text))).toBe(true);
    const series = page.texts("section:has(#site-3) tr").filter((row) => /^(A feed fell silent|The mean serum)/.test(row));
    expect(series).toEqual([
      expect.stringMatching(/^A feed fell silent Runs \d+ of \d+ feeds have the 28 days of history that it needs\.$/),
      expect.stringMatching(
        /^The mean serum potassium shifted \(off\) (Runs|Runs where it can) Observation was read for \d+ days; it needs \d+\.$/,
      ),
    ]);
    expect(under(page, "east")).toContain("Nothing of it has been read yet.");
    expect(page.texts("h3").filter((each) => each.startsWith("Source"))).toEqual([]);
    expect(page.document.querySelectorAll("script")).toEqual([]);
  });

  it("looks at the sources when it is told to: a dead server is said to be dead, and the mapping of the other is there to paste", async () => {
    const form = (await pages.get("/doctor")).document.querySelector("main form")!;
    const sent = await pages.send(form, {});
    expect([sent.status, sent.headers.get("location")]).toEqual([303, "/doctor"]);
    const page = await pages.get("/doctor");
    const east = under(page, "east");
    expect(east).toMatch(/Source export Can be read.* AuditEvent: .*subtype RES-OPEN.*; names DiagnosticReport, Patient/);
    expect(east).toMatch(/Source gone Cannot be read .*could not be reached \(ECONNREFUSED\)\. Check that the address/);
    expect(page.texts("pre")[0]).toContain("evidence: viewed: add:");
    expect(page.html).not.toMatch(secrets);
    expect(page.html).not.toContain("<b>RES");
  });

  it("asks nothing of a site that has no source, or that nobody knows", async () => {
    const form = (await pages.get("/doctor")).document.querySelector("main form")!;
    for (const site of ["north", "nowhere"]) {
      form.querySelector("input")!.setAttribute("value", site);
      expect((await pages.send(form, {})).status).toBe(404);
    }
  });
});
