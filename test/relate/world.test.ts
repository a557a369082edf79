import fc from "fast-check";
import { expect, test } from "vitest";
import { typeOf } from "../../src/relate/world.ts";

test("a name tells its type where it is a type, a slash and an id", () => {
  const part = fc.string({ unit: fc.constantFrom("A", "Z", "a", "z", "@", "[", "`", "{", "9", "/", "#", "|", "-", "\n"), maxLength: 6 });
  fc.assert(
    fc.property(part, part, fc.constantFrom("", "/"), (before, after, slash) => {
      const name = before + slash + after;
      expect(typeOf(name)).toBe(/^([A-Z][A-Za-z]+)\/[^/#|]+$/.exec(name)?.[1] ?? "");
    }),
    { numRuns: 5_000 },
  );
});
