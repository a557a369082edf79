import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalise } from "../../src/normalise/normalise.ts";
import { context } from "./normalise-example.ts";
import { validResources } from "./valid-resources.ts";

type Path = readonly (string | number)[];

/** Where a value could be put: every member and every place of a list. */
function listPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, member]) => listPaths(member, [...path, Array.isArray(value) ? Number(key) : key])),
  ];
}

function replaceAt(value: unknown, path: Path, replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (Array.isArray(value)) return value.map((each: unknown, place) => (place === key ? replaceAt(each, rest, replacement) : each));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, member]: [string, unknown]) => [
      name,
      name === key ? replaceAt(member, rest, replacement) : member,
    ]),
  );
}

/** What real servers have been seen to write, and what they have not been seen to write yet. */
const oddText = fc.constantFrom(
  "",
  " ",
  "#",
  "#o",
  "/",
  "?",
  "|",
  "Patient/",
  "Patient/1/_history/",
  "urn:uuid:",
  "Practitioner?identifier=|",
  "12:011:30",
  "2026-02-30",
  "__proto__",
  "%E0%A4%A",
  "http://",
);
const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  oddText,
  fc.constantFrom({ reference: {} }, { reference: { reference: 7 } }, { coding: "x" }, { coding: [null] }, [[]], [null], -1, 1e300),
);

const places = validResources.flatMap((resource) => listPaths(resource).map((path) => ({ resource, path })));

describe("whatever JSON comes, it ends as facts, a refusal or a skip, never as an exception", () => {
  test("the resources that are mutated are all good ones", () => {
    expect(validResources.map((resource) => normalise(resource, context).kind)).toEqual(validResources.map(() => "facts"));
  });

  test("with any part of a resource replaced, twice over", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), oddValue, fc.nat(), oddValue, ({ resource, path }, first, pick, second) => {
        const once = replaceAt(resource, path, first);
        const paths = listPaths(once);
        const twice = replaceAt(once, paths[pick % paths.length] ?? [], second);
        expect(["facts", "refused", "skipped"]).toContain(normalise(twice, context).kind);
      }),
      { numRuns: 5_000 },
    );
  });

  test("with every single part replaced by each odd value", () => {
    const values = [null, "", "x", 0, true, [], {}, [null], [[]], { reference: "#" }, { code: {} }];
    const kinds = new Set(
      places.flatMap(({ resource, path }) => values.map((value) => normalise(replaceAt(resource, path, value), context).kind)),
    );
    expect([...kinds].toSorted()).toEqual(["facts", "refused", "skipped"]);
  });

  test("with any JSON at all", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => ["facts", "refused", "skipped"].includes(normalise(value, context).kind)));
  });
});

test("the same content gives the same facts, and reading changes nothing", () => {
  fc.assert(
    fc.property(fc.constantFrom(...places), oddValue, ({ resource, path }, value) => {
      const mutated = JSON.stringify(replaceAt(resource, path, value));
      const one: unknown = JSON.parse(mutated);
      expect(normalise(one, context)).toEqual(normalise(JSON.parse(mutated), context));
      expect(JSON.stringify(one)).toBe(mutated);
    }),
  );
});
