import fc from "fast-check";
import { expect, test } from "vitest";
import { readWorklistQuery, worklistHref, writeWorklistQuery, type WorklistQuery } from "../../src/web/worklist-query.ts";

const text = fc.string({ minLength: 1, unit: "grapheme" });
const queries = fc.record(
  {
    site: text,
    team: text,
    signal: text,
    urgency: text,
    status: text,
    after: fc.record({ rank: fc.nat(999), dueAt: fc.integer(), id: fc.uuid() }),
  },
  { requiredKeys: [] },
);

test("what an address of the worklist asks is what was asked", () => {
  fc.assert(
    fc.property(queries, (query) => {
      expect(readWorklistQuery(new URLSearchParams(writeWorklistQuery(query as WorklistQuery)))).toEqual(query);
    }),
  );
});

test("what an address asks beside that is not passed on", () => {
  const query = readWorklistQuery(new URLSearchParams("site=north&evil=%22%3E&team=&urgency=critical"));
  expect(worklistHref(query)).toBe("/?site=north&urgency=critical");
  expect(worklistHref({})).toBe("/");
});

test.each(["1", "1.2.3", "x.1.7a3e07e7-9acd-8125-a82b-9577743ea6ee", "1.1.7a3e07e7-9acd-8125-a82b-9577743ea6ee.4"])(
  "%s is no place to go on from",
  (after) => {
    expect(() => readWorklistQuery(new URLSearchParams({ after }))).toThrow("This address of a later page is not whole.");
  },
);
