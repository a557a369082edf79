import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { UserError } from "../../src/domain/user-error.ts";
import { hasConcept } from "../../src/normalise/code-set.ts";
import { compileMapping } from "../../src/normalise/mapping.ts";
import { parseMapping } from "../../src/normalise/parse-mapping.ts";

const text = readFileSync(new URL("../../src/normalise/default-mapping.yaml", import.meta.url), "utf8");

function faultOf(written: string): UserError {
  try {
    parseMapping(written, "site.yaml");
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error("accepted");
}

function lineOf(part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}

describe("the default mapping", () => {
  const mapping = compileMapping(parseMapping(text, "default-mapping.yaml"));

  test("carries the critical limits of signals.md", () => {
    const rows = mapping.urgency.limits.map(({ name, loinc, low, high, childLow, childHigh }) => [
      name,
      loinc.join(" "),
      low,
      high,
      childLow,
      childHigh,
    ]);
    expect(rows).toEqual([
      ["potassium", "2823-3 6298-4 75940-7", 2.5, 6.5, undefined, undefined],
      ["sodium", "2951-2 2947-0", 120, 160, 130, undefined],
      ["glucose", "15074-8 14749-6 14743-9", 2.5, 25, undefined, 15],
      ["adjusted calcium", "29265-6 18281-6", 1.8, 3.5, undefined, undefined],
      ["magnesium", "2601-3", 0.4, undefined, undefined, undefined],
      ["phosphate", "14879-1", 0.3, undefined, undefined, undefined],
      ["urea", "22664-7", undefined, 30, undefined, 10],
      ["creatinine", "14682-9", undefined, 354, undefined, 200],
      ["CK", "2157-6", undefined, 5000, undefined, undefined],
    ]);
  });

  test("carries the interpretations of signals.md, each in one list", () => {
    expect([...mapping.urgency.critical]).toEqual(["AA", "HH", "LL"]);
    expect([...mapping.urgency.abnormal].join(" ")).toBe("A H L HU LU H> L< HX LX POS DET R RR WR I NCL NS SDD SYN-R W");
    expect([...mapping.urgency.normal].join(" ")).toBe("N NEG ND NR S EXP");
  });

  test("a code with a system counts in that system alone, whatever its case; one without counts in any", () => {
    const { laboratory } = mapping.orders;
    const has = (system: string | undefined, code: string) =>
      hasConcept(laboratory, { codings: [system === undefined ? { code } : { system, code }] });
    expect([has("http://snomed.info/sct", "108252007"), has("urn:local", "108252007"), has(undefined, "108252007")]).toEqual([
      true,
      false,
      false,
    ]);
    expect([has("urn:local", "Laboratory"), has(undefined, "lab")]).toEqual([true, true]);
  });
});

describe("a mapping that cannot be used is refused with line and column", () => {
  test("every fault at once", () => {
    const error = faultOf(
      text
        .replace("stat: [stat]", "stat: stat")
        .replace("search-prefix: search", "search-prefix: 7")
        .replace("version: 1", "version: 1\nwishes: none"),
    );
    expect(error.code).toBe("mapping");
    expect(error.message.split("\n")).toEqual([
      "3 problems in site.yaml:",
      `  line ${String(lineOf("version: 1") + 1)}, column 1: "wishes" is not known here. Known here: version, systems, reports, critical-conclusions, observations, normal-ranges, orders, reviews, evidence, priorities, audit, provenance, team-identifier-systems, labels, interpretations, critical-limits.`,
      `  line ${String(lineOf("stat: [stat]") + 1)}, column 9: Write a list, each item on a line of its own after a hyphen.`,
      `  line ${String(lineOf("search-prefix: search") + 1)}, column 18: Write a string.`,
    ]);
  });

  test.each([
    [
      "a system that is neither a name nor a URL",
      "{ system: loinc, codes: [LP7839-6] }",
      "{ system: lionc, codes: [LP7839-6] }",
      `"lionc" is neither a name under systems nor a URL. Did you mean "loinc"?`,
    ],
    ["a pattern that is none", `pattern: "^[A-Z][0-9]{9}$"`, `pattern: "("`, "This is no regular expression."],
    ["a limit without bounds", "low: 0.4 }", "}", "A limit needs low, high or both."],
  ])("%s", (_, from, to, fault) => {
    expect(faultOf(text.replace(from, to)).message).toContain(fault);
    expect(faultOf(text.replace(from, to)).message).toContain(`line ${String(lineOf(from))}, `);
  });

  test("text that is no YAML", () => {
    expect(faultOf("version: [1\nsystems: {}").message).toMatch(/site\.yaml:\n {2}line 2, column 1: /);
  });
});
