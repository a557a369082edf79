import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalise, writeCanonical } from "../../src/normalise/canonical-json.ts";
import { hashContent, hashText } from "../../src/normalise/content-hash.ts";

/** The same value with its names in another order. */
function turned(value: unknown, turn: (names: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => turned(each, turn));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(turn(Object.keys(value)).map((name) => [name, turned((value as Record<string, unknown>)[name], turn)]));
}

const values = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" });

test("is JSON with sorted names, whatever their order, and its hash that text's", () => {
  fc.assert(
    fc.property(values, (value) => {
      const backwards = turned(value, (names) => names.toReversed());
      expect(canonicalise(backwards)).toBe(canonicalise(value));
      expect(JSON.parse(canonicalise(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(hashContent(value).hash).toBe(hashText(canonicalise(value)));
    }),
  );
});

test.each([
  [{ b: 1, a: [true, null, undefined, -0, 1e21, 0.1] }, '{"a":[true,null,null,0,1e+21,0.1],"b":1}'],
  [{ é: "漢\u{1f600}", "\n": '"\\/\t\u007f\u0001' }, '{"\\n":"\\"\\\\/\t\u007f\\u0001","é":"漢\u{1f600}"}'.replace("\t", "\\t")],
  [{ "10": 1, "9": 2, B: 3, a: {}, c: [] }, '{"10":1,"9":2,"B":3,"a":{},"c":[]}'],
  ["\ud800", '"\\ud800"'],
  [JSON.parse('{"__proto__":{"x":1},"a":2}'), '{"__proto__":{"x":1},"a":2}'],
])("%j", (value, text) => {
  expect(canonicalise(value)).toBe(text);
});

test("what is longer than any room that was kept for it is written whole", () => {
  const value = {
    b: ["x".repeat(100_000), "é".repeat(50_000)],
    a: Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`n${at}`, at])),
  };
  expect(canonicalise(value)).toBe(JSON.stringify(turned(value, (names) => names.toSorted())));
  expect(canonicalise({ a: 1 })).toBe('{"a":1}');
});

test("a member is left out at the top alone", () => {
  const { bytes } = writeCanonical({ meta: 1, a: { meta: 2 } }, "meta");
  expect(bytes.toString("utf8")).toBe('{"a":{"meta":2}}');
  expect(writeCanonical({ meta: 1 }, "meta").bytes.toString("utf8")).toBe("{}");
});

test.each([
  [{ a: { "b ": 1 } }, true, false],
  [{ a: ["\u0000"] }, false, true],
  [{ a: "\udc00x" }, false, true],
  [{ "\ud800": 1 }, false, true],
  [{ a: "\\u0000 \u{1f600} é" }, false, false],
])("%j: odd keys %s, odd letters %s, as often as it is asked", (value, hasOddKeys, hasOddLetters) => {
  for (let time = 0; time < 2; time += 1) expect(writeCanonical(value)).toMatchObject({ hasOddKeys, hasOddLetters });
});
