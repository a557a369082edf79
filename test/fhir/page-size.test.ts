import { expect, test } from "vitest";
import { PageSizes, type PagesGiven } from "../../src/fhir/page-size.ts";

/** Sizes after one search after another, each of which filled its pages with short records, quickly, but for what is said. */
function sizesAfter(...searches: readonly (Partial<PagesGiven> | "failed")[]): number[] {
  const sizes = new PageSizes();
  return searches.map((each) => {
    const size = sizes.of("Task");
    if (each === "failed") sizes.shrink("Task", size);
    else sizes.grow("Task", { size, read: size + 1, meanLength: 100, tookMs: 20, ...each });
    return sizes.of("Task");
  });
}

test("a server that fills its pages quickly is asked for twice as many, up to five hundred", () => {
  expect(sizesAfter({}, {}, {}, {})).toEqual([400, 500, 500, 500]);
  expect(sizesAfter({ read: 200 }, { tookMs: 501 }, {}, { tookMs: 501 })).toEqual([200, 200, 400, 400]);
});

test("pages stay shorter than half a million characters, and are no fewer than the usual for it", () => {
  expect(sizesAfter({ meanLength: 1_500 }, { meanLength: 1_500 }, { meanLength: 1_700 }, { meanLength: 9_000 })).toEqual([
    333, 333, 294, 200,
  ]);
});

test("what a search with another size gave says nothing of this one", () => {
  expect(sizesAfter({}, { size: 200, read: 4_000 })).toEqual([400, 400]);
});

test("after a failure it is a quarter, then some more each time, and never again more than the usual", () => {
  expect(sizesAfter({}, {}, "failed", {})).toEqual([400, 500, 125, 145]);
  expect(sizesAfter("failed", {}, {}, ...Array.from({ length: 9 }, () => ({}))).slice(0, 3)).toEqual([50, 70, 90]);
  expect(sizesAfter("failed", ...Array.from({ length: 12 }, () => ({}))).at(-1)).toBe(200);
});
