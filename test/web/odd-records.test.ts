import type { HTMLElement } from "node-html-parser";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { scanInto } from "../store/scanned-hospital.ts";
import { observation, patient, report, wardFolder } from "../store/small-ward.ts";
import { pagesHere, readable, under, type PagesHere, type ShownPage } from "./pages-here.ts";

const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>{{ 7*7 }}';
const coded = { code: { text: "Potassium", coding: [{ system: "http://loinc.org", code: "2823-3" }] } };

/** A potassium of the patient `id`, at a time of its own. */
function potassium(id: string, at: string, value: number): Parameters<typeof wardFolder>[0][number] {
  return {
    ...observation(id, "H"),
    ...coded,
    id: `${id}-${at}`,
    effectiveDateTime: at,
    valueQuantity: { value, unit: "mmol/L" },
    interpretation: undefined,
  };
}

let connection: Connection;
let pages: PagesHere;
beforeAll(async () => {
  connection = await scratchDatabase();
  pages = await pagesHere(connection);
});
let scanned: Promise<void> | undefined;
// A folder lives as long as the test that makes it: the first one.
beforeEach(() => (scanned ??= scanOddRecords()));
afterAll(async () => {
  await pages.close();
  await connection.close();
});

async function scanOddRecords(): Promise<void> {
  const resources = [
    patient("markup", {
      name: [{ family: markup, given: ["Bobby"] }],
      identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "9434765919" }],
      birthDate: "2025-09",
    }),
    report("markup", { code: { text: markup }, result: undefined, conclusionCode: [{ coding: [{ code: "AA" }] }] }),
    patient("later", { name: [{ text: "Later Values" }], birthDate: "1950" }),
    report("later"),
    { ...potassium("later", "2026-03-01T08:50:00Z", 7.1), id: "later-1", interpretation: [{ coding: [{ code: "HH" }] }] },
    ...[6.4, 5.9, 5.4, 4.8].map((value, index) => potassium("later", `2026-03-0${index + 2}T08:00:00Z`, value)),
    potassium("other", "2026-03-02T08:00:00Z", 9.9),
    patient("other"),
    // Nothing says whose it is.
    report("nameless", { subject: undefined }),
    observation("nameless", "HH"),
    // After the hospital's now: for a scan it does not exist.
    potassium("later", "2026-03-17T08:00:00Z", 3.1),
  ];
  const coverage = {
    DiagnosticReport: [
      ["2026-02-01T00:00:00Z", "2026-03-01T10:00:00Z"],
      ["2026-03-01T10:30:00Z", "2026-03-16T09:00:00Z"],
    ],
  };
  await scanInto(connection, "odd", { folder: wardFolder([...resources, ...verified()], coverage) });
}

/** Somebody acknowledges something here: only then can anything be called missed. */
function verified(): Parameters<typeof wardFolder>[0] {
  return [
    patient("seen"),
    report("seen"),
    observation("seen", "HH"),
    {
      resourceType: "AuditEvent",
      id: "seen-verify",
      action: "U",
      subtype: [{ system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code: "verify" }],
      recorded: "2026-03-01T09:30:00Z",
      outcome: "0",
      agent: [{ who: { reference: "Practitioner/hale" }, requestor: true }],
      entity: [{ what: { reference: "DiagnosticReport/seen" } }],
    },
  ];
}

async function rowWith(text: string): Promise<HTMLElement> {
  const { document } = await pages.get("/");
  const row = document.querySelectorAll("main ol > li").find((each) => each.textContent.includes(text));
  if (!row) throw new Error(`No row holds ${text}.`);
  return row;
}

async function findingOf(text: string): Promise<ShownPage> {
  return pages.get((await rowWith(text)).querySelector("h3 a")!.getAttribute("href")!);
}

describe("what records hold is text", () => {
  it("on the worklist and on the page of a finding: no markup of theirs, and no template, comes to life", async () => {
    for (const page of [await pages.get("/"), await findingOf("onerror")]) {
      expect(page.document.querySelectorAll("img, script").length).toBe(0);
      expect(page.html).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
    }
    const row = await rowWith("onerror");
    expect(readable(row.querySelector("h3")!.textContent)).toBe(markup);
    expect(row.textContent).toContain(`${markup.toUpperCase()}, Bobby`);
  });
});

describe("a value", () => {
  it("stands with its later ones of the same code and patient, up to when it was judged", async () => {
    const row = readable((await rowWith("Later Values")).textContent);
    expect(row).toContain(
      "Later: 1 more, then 5.9 mmol/L on 3 Mar 2026, 08:00 GMT; 5.4 mmol/L on 4 Mar 2026, 08:00 GMT; 4.8 mmol/L on 5 Mar 2026, 08:00 GMT",
    );
    expect(row).not.toMatch(/9\.9|3\.1/);
  });
});

describe("an identity", () => {
  it("says as much as the record does, and what it does not", async () => {
    expect(readable((await rowWith("onerror")).textContent)).toContain("Born Sep-2025 NHS number 943 476 5919");
    expect(readable((await rowWith("Later Values")).textContent)).toContain("Patient Later Values Born 1950 NHS number not held");
    expect((await pages.get("/")).texts("dd")).toContain("The record names no patient");
  });
});

describe("what may have excused it and was not seen", () => {
  it("is warned of, and told from what did not happen", async () => {
    const page = await findingOf("Later Values");
    expect(under(page, "In one sentence")).toContain(
      "Warning: it may have been cancelled, and that was not seen: DiagnosticReport was not read: 1 Mar 2026, 10:00 GMT to 10:30 GMT",
    );
    expect(page.texts("section:has(#exclusions) dl div")).toEqual([
      "The result was withdrawn before it was due No data: it may have happened, and does not excuse",
      "A newer version took its place before it was due No data: it may have happened, and does not excuse",
      "The record was entered in error, at any time No",
    ]);
  });
});
