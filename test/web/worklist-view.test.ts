import { expect, test } from "vitest";
import { viewWorklist, type WorklistParts } from "../../src/web/worklist-view.ts";

function emptyList(more: Partial<WorklistParts>) {
  return viewWorklist({
    query: {},
    page: { cases: [] },
    counts: { byVerdict: {}, unassigned: 0, restricted: 0, testPatients: 0 },
    unknowns: [],
    contexts: new Map(),
    signals: new Map(),
    known: { sites: [], teams: [], signals: [] },
    teamNames: new Map(),
    seen: "all",
    now: 0,
    ...more,
  });
}

test.each([
  ["all was seen", { seen: "all" }, "Nothing missed is left to look at"],
  ["not all was seen", { seen: "part" }, "Nothing was found, but not everything was seen"],
  ["nothing was ever judged", { seen: "nothing" }, "Nothing has been judged yet"],
  ["filters leave nothing", { seen: "all", query: { site: "north" } }, "No case fits these filters"],
  ["filters leave nothing of what was half seen", { seen: "part", query: { site: "north" } }, "No case fits these filters"],
  ["filters ask of what was never judged", { seen: "nothing", query: { site: "north" } }, "Nothing has been judged yet"],
] as const)("an empty worklist where %s says so", (_, parts, heading) => {
  const { empty, cases } = emptyList(parts);
  expect([cases, empty?.heading]).toEqual([[], heading]);
});

test("where not all was seen an empty worklist is no statement that nobody was missed", () => {
  expect(emptyList({ seen: "part" }).empty?.text).toContain("does NOT mean that nothing was missed");
});

test("what is held back is counted, though nothing else is shown", () => {
  expect(emptyList({ counts: { byVerdict: {}, unassigned: 0, restricted: 2, testPatients: 1 } }).counts).toEqual([
    "0 steps missed.",
    "2 more on restricted records are not shown to you.",
    "1 more of test patients are left out.",
  ]);
});
