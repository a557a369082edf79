import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import type { Finding } from "../../src/domain/finding.ts";
import type { FindingFilter } from "../../src/store/finding-filter.ts";
import { listFindings } from "../../src/store/finding.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { scanHospital } from "../store/scanned-hospital.ts";
import { pagesHere, readable, under, type PagesHere, type ShownPage } from "./pages-here.ts";

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

async function findings(filter: FindingFilter): Promise<Finding[]> {
  return (await listFindings(connection.db, everyone, { all: true, ...filter }, { limit: 1000 })).findings;
}

async function pageOf(filter: FindingFilter): Promise<ShownPage> {
  const [finding] = await findings(filter);
  return pages.get(`/findings/${finding!.id}`);
}

const potassium = { subject: "DiagnosticReport/potassium-7-1", signals: ["result-unacknowledged"] };

describe("the page of a finding", () => {
  it("says who it is about before anything else of it", async () => {
    const page = await pageOf(potassium);
    expect(page.texts("h1")).toEqual(["Potassium 7.1 mmol/L"]);
    expect(page.texts('section[aria-label="Patient and place"]')).toEqual([
      "Patient THACKRAY, Olive Born 02-May-1941 (84y) NHS number 999 381 3702 Overdue 68 minutes, since 16 Mar 2026, 07:52 GMT " +
        "Whose Registrar Where north: Acute Medical Unit, inpatient Status Open",
    ]);
  });

  it("says in one sentence what was expected, what happened instead, what was looked for as an excuse, and what would clear it", async () => {
    const page = await pageOf(potassium);
    expect(under(page, "In one sentence")).toBe(
      "When a final result is issued (16 Mar 2026, 05:52 GMT), it is expected that the result is acknowledged by a person, within 2 hours, by 16 Mar 2026, 07:52 GMT (RCPath KPI); " +
        "instead no record says so up to 16 Mar 2026, 09:00 GMT, 68 minutes after it was due, though the result was viewed once, which by itself closes nothing; " +
        "not excused, as far as is recorded, by a withdrawal, a newer version, an entry in error; " +
        "a record of it in time would clear it, and so would a review that dismisses or closes it.",
    );
  });

  it("shows the evidence by time: what, who, how strong, and what it did; and when it was due", async () => {
    const page = await pageOf({ verdicts: ["late"], signals: ["result-unacknowledged"], sites: ["west"] });
    const lines = page.texts("section:has(#timeline) li");
    expect(lines[0]).toMatch(
      /^\d+ \w+ 2026, \d\d:\d\d \S+ Final result issued – This opened it .*; direct evidence: it names this record; said by DiagnosticReport\//,
    );
    expect(lines.findIndex((line) => / Due$/.test(line))).toBeLessThan(lines.findIndex((line) => line.includes("This closed it")));
    expect(lines.find((line) => line.includes("This closed it"))).toMatch(/Result acknowledged – This closed it By \S.*evidence: /);
    expect(lines.at(-1)).toMatch(/Judged: nothing later has been looked at$/);
    const times = page.document.querySelectorAll("section:has(#timeline) time").map((time) => time.getAttribute("datetime")!);
    expect(times).toEqual(times.toSorted());
  });

  it("says of what looks like the expected step, and is not, that it did not close it", async () => {
    const page = await pageOf({ subject: "DiagnosticReport/laboratory-role", signals: ["result-unacknowledged"] });
    expect(under(page, "In one sentence")).toMatch(/; instead no record that counts says so up to .*, 8 days after it was due/);
    expect(page.texts("section:has(#timeline) li")[1]).toMatch(
      /^7 Mar 2026, 09:20 GMT Result acknowledged – Did not close it: by whom, or how, it was recorded is not what this signal asks for By Biomedical scientist;/,
    );
  });

  it("tells times in the site's own zone, and says which", async () => {
    const config = loadConfig({ env: {} });
    const sites = [{ ...siteConfig(config, "north"), timeZone: "Asia/Kolkata" }];
    const elsewhere = await pagesHere(connection, { config: { ...config, sites } });
    const [finding] = await findings(potassium);
    const page = await elsewhere.get(`/findings/${finding!.id}`);
    await elsewhere.close();
    expect(under(page, "In one sentence")).toContain("issued (16 Mar 2026, 11:22 GMT+5:30), it is");
  });

  it("names the gap of what nobody can judge, and what would settle it", async () => {
    const gapped = (await findings({ verdicts: ["unknown"], sites: ["north"] })).find(({ reason }) => reason === "gap");
    const text = under(await pages.get(`/findings/${gapped!.id}`), "In one sentence");
    expect(text).toMatch(
      /; nobody can say whether it did, for [A-Za-z, ]+ could not be seen from .*; it is settled once what could not be seen is read\./,
    );
    expect(text).toMatch(/Not seen of the records that could show it: \w+ (was not read|is in quarantine)/);
    expect(text).toMatch(/What would settle it: \S/);
  });

  it("gives what the signal says of itself, and the others of the case", async () => {
    const page = await pageOf(potassium);
    expect(under(page, "What to do")).toMatch(/^Today, look for a phone call or letter about this result in the notes\./);
    expect(under(page, "Often harmless")).toContain("The clinician telephoned the patient before the report reached the EPR.");
    expect(under(page, "Others of the same case")).toMatch(
      /^Potassium 7\.1 mmol\/L: Critical result not communicated in time Missed Open due 16 Mar 2026, 07:52 GMT$/,
    );
  });

  it("puts patient and time of printing on paper", async () => {
    const page = await pageOf(potassium);
    expect(page.texts(".ft-print-who")).toEqual([
      "THACKRAY, Olive, born 02-May-1941 (84y), NHS number 999 381 3702. Printed 16 Mar 2026, 09:00 GMT.",
    ]);
  });

  it("names no patient where it is kept: in the title or the address", async () => {
    const page = await pageOf(potassium);
    expect(page.texts("title")).toEqual(["Result not acknowledged in time – Followthrough"]);
  });

  it("records that it was looked at, with its case", async () => {
    const [finding] = await findings(potassium);
    await pages.get(`/findings/${finding!.id}`);
    const looks = await connection.db.selectFrom("look").selectAll().where("how", "=", "finding page").orderBy("at", "desc").execute();
    const ofCase = (await findings({ subject: finding!.subject })).map(({ id }) => id).toSorted();
    expect(looks.some(({ loops }) => JSON.stringify(loops.toSorted()) === JSON.stringify(ofCase))).toBe(true);
  });

  it("every finding has its page, whatever its verdict", async () => {
    for (const { id, title, subject } of await findings({ verdicts: ["late", "unknown", "met", "pending", "cancelled"] })) {
      const page = await pages.get(`/findings/${id}`);
      expect([page.status, page.texts("h1")]).toEqual([200, [readable(title ?? subject)]]);
    }
    expect(pages.logged).toEqual([]);
  });

  it.each(["/findings/11111111-2222-8333-8444-555555555555", "/findings/nonsense", "/findings/%27--"])(
    "%s is no finding: a page that says what to do",
    async (path) => {
      const page = await pages.get(path);
      expect([page.status, page.texts("h1")]).toEqual([404, ["No such finding or case"]]);
      expect(page.texts("main")[0]).toContain("What to do: It may have gone when its records changed");
    },
  );
});
