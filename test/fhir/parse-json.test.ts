import { expect, test } from "vitest";
import { parseJson, placeOfJsonError } from "../../src/fhir/parse-json.ts";

const whole = '{"a":[1,-2.5e+3,true,false,null,"x\\u00e9\\n \u00e9"],\n"b":{"c":[]}, "d":"", "e":0.1}';

test("a text cut anywhere is cut short, not wrong", () => {
  const starts = Array.from({ length: whole.length }, (_, length) => whole.slice(0, length));
  expect(starts.filter((start) => !("error" in parseJson(start)) || JSON.stringify(parseJson(start)) !== '{"error":"truncated"}')).toEqual(
    [],
  );
  expect(parseJson(whole)).toHaveProperty("value");
});

test.each([
  ['{"a":[1,],\n"b":2}', 1, 9],
  ["// a comment\n{}", 1, 1],
  ['{"a":1}\n{"b":2}', 2, 1],
  ["{a:1}", 1, 2],
  ['{"a":"x\ty"}', 1, 8],
  ['{"a":1', 1, 7],
])("of %j the place of the error is line %i, column %i", (text, line, column) => {
  expect(placeOfJsonError(text)).toEqual({ line, column });
});
