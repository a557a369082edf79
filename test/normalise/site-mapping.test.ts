import { describe, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import { UserError } from "../../src/domain/user-error.ts";
import { compileMapping, type Mapping } from "../../src/normalise/mapping.ts";
import { normalise } from "../../src/normalise/normalise.ts";
import { getDefaultMapping, readMapping } from "../../src/normalise/read-mapping.ts";
import { parseSiteMapping } from "../../src/normalise/parse-mapping.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { context } from "./normalise-example.ts";

const base = getDefaultMapping().written;
const mappingOf = (text: string): Mapping => compileMapping(parseSiteMapping(text, "epr-mapping.yaml", base));

function problemsIn(text: string): string[] {
  try {
    parseSiteMapping(text, "epr-mapping.yaml", base);
  } catch (error) {
    if (error instanceof UserError)
      return error.message
        .split("\n")
        .slice(1)
        .map((line) => line.trim());
  }
  throw new Error("accepted");
}

describe("a site's file is merged over the default", () => {
  test("an empty one changes nothing", () => {
    expect(mappingOf("# nothing yet\n").written).toEqual(base);
  });

  test("maps key by key, a list instead of the list, added entries after it, and in the place of one of the same name", () => {
    const { written } = mappingOf(`
orders: { referral: [] }
reviews: { add: [{ codes: [sign] }] }
priorities: { stat: [immediate] }
critical-limits: { add: [{ name: CK, unit: U/L, loinc: [2157-6], high: 3000 }, { name: lactate, unit: mmol/L, loinc: [2524-7], high: 4 }] }
`);
    expect(written.orders).toEqual({ ...base.orders, referral: [] });
    expect(written.reviews).toEqual([...base.reviews, { codes: ["sign"] }]);
    expect(written.priorities).toEqual({ ...base.priorities, stat: ["immediate"] });
    expect(written["critical-limits"].map(({ name, high }) => [name, high]).slice(-3)).toEqual([
      ["creatinine", 354],
      ["CK", 3000],
      ["lactate", 4],
    ]);
    expect(written.audit).toEqual(base.audit);
  });

  test("the example does what it says", () => {
    const mapping = readMapping("fixtures/mapping.example.yaml");
    expect(mapping.urgency.limits.filter(({ name }) => name === "potassium").map(({ low, high }) => [low, high])).toEqual([[2.8, 6.2]]);
    expect(mapping.madeFrom).toMatchObject({
      "result.viewed": ["AuditEvent"],
      "result.acknowledged": ["Task", "AuditEvent", "Provenance"],
      "result.communicated": ["Communication", "Task"],
      "order.placed": ["ServiceRequest", "MedicationRequest"],
    });
    const audit = { resourceType: "AuditEvent", id: "a", recorded: "2026-03-01T09:00:00Z" };
    const subtype = (code: string) => [{ system: "urn:oid:1.2.826.0.1.9999.7", code }];
    expect([
      saysOf(mapping, { ...audit, subtype: subtype("RES-SIGN"), action: "E" }),
      saysOf(mapping, { ...audit, code: { coding: subtype("res-sign") }, action: "E" }),
      saysOf(mapping, { ...audit, subtype: subtype("RES-SIGN"), action: "R" }),
      saysOf(mapping, { ...audit, subtype: [{ code: "RES-SIGN" }], action: "E" }),
      saysOf(mapping, { ...audit, subtype: [{ code: "RES-OPEN" }] }),
    ]).toEqual([
      { says: ["result.acknowledged"], saysNot: ["result.viewed"] },
      { says: ["result.acknowledged"], saysNot: ["result.viewed"] },
      { saysNot: ["result.viewed"] },
      { saysNot: ["result.viewed"] },
      { says: ["result.viewed"], saysNot: ["result.viewed"] },
    ]);
    const task = {
      resourceType: "Task",
      id: "t",
      intent: "order",
      authoredOn: "2026-03-01T09:00:00Z",
      lastModified: "2026-03-01T10:00:00Z",
    };
    const inbox = { ...task, code: { text: "results-inbox" } };
    expect([
      saysOf(mapping, { ...inbox, status: "completed", businessStatus: { text: "signed" } }),
      saysOf(mapping, { ...inbox, status: "accepted", businessStatus: { text: "signed" } }),
      saysOf(mapping, { ...task, status: "completed", code: { text: "another" }, businessStatus: { text: "signed" } }),
    ]).toEqual([{ says: ["result.acknowledged"], review: "told" }, { review: "told" }, { review: "other" }]);
  });
});

function saysOf(mapping: Mapping, resource: object): Partial<Pick<Facts, "says" | "saysNot">> & { review?: string } {
  const said = normalise(resource, { ...context, mapping });
  if (said.kind !== "facts") throw new Error(said.kind);
  const { says, saysNot } = said.facts;
  return { ...(says && { says }), ...(saysNot && { saysNot }), ...("review" in said.facts && { review: said.facts.review }) };
}

describe("a site's file that cannot be used is refused with line, column and what to write instead", () => {
  test("every problem at once", () => {
    const text = `
reviws: []
orders:
  labratory: []
evidence:
  viewed: [Task]
  acknowledged:
    add:
      - { from: AuditEvnt, subtype: [SIGN] }
      - { from: AuditEvent }
      - { from: Task, subtype: [SIGN] }
      - { from: AuditEvent, subtype: [{ system: lionc, codes: [SIGN] }] }
      - { from: AuditEvent, subtype: [110100] }
`;
    expect(problemsIn(text)).toEqual([
      `line 2, column 1: "reviws" is not known here. Did you mean "reviews"?`,
      `line 4, column 3: "labratory" is not known here. Did you mean "laboratory"?`,
      "line 6, column 12: Write AuditEvent for the usual way of such records, or { from: AuditEvent | Provenance | Task | Communication, … } for the site's own.",
      `line 9, column 17: "from" says which records tell it. Did you mean "AuditEvent"?`,
      "line 10, column 9: Say which records it is: by one or more of type, subtype, action, entity-type, entity-role.",
      "line 11, column 9: Say which records it is: by one or more of code, business-status, status.",
      `line 11, column 23: "subtype" does not belong to this kind of entry.`,
      `line 12, column 49: "lionc" is neither a name under systems nor a URL. Did you mean "loinc"?`,
      "line 13, column 39: Write a string.",
    ]);
  });

  test.each([
    ["no YAML", "reviews: [", "line 2, column 1: "],
    ["no map", "- reviews", "line 1, column 1: Write keys with values (key: value), indented below."],
    ["a version of its own", "version: 2", `line 1, column 1: "version" is not known here.`],
    ["no list", "reviews: endorse", "line 1, column 10: Write a list, each item on a line of its own after a hyphen."],
  ])("%s", (_, text, problem) => {
    expect(problemsIn(`${text}\n`)[0]).toContain(problem);
  });

  test("a file that is not there is named, with where to correct it", () => {
    const file = `${makeFolder()}/none.yaml`;
    expect(() => readMapping(file)).toThrow(`There is no mapping file ${file}.`);
  });
});
