import fc from "fast-check";
import { expect, test } from "vitest";
import { shiftTimes } from "../../src/fhir-server/shift-times.ts";

const hour = 3_600_000;
const day = 24 * hour;
const shifted = (text: string, shiftMs: number): unknown => shiftTimes({ at: text }, shiftMs)["at"];

test.each([
  ["2026-03-01T00:00:00Z", day, "2026-03-02T00:00:00Z"],
  ["2026-02-28T23:59:59.5Z", 1_000, "2026-03-01T00:00:00.5Z"],
  ["2026-03-01T00:00:00.1234567+05:30", -hour, "2026-02-28T23:00:00.1234567+05:30"],
  ["2026-03-29T00:30:00+00:00", hour, "2026-03-29T01:30:00+00:00"],
  ["2026-03-01T10:00Z", hour, "2026-03-01T11:00Z"],
  ["2026-03-01T10:00:00", hour, "2026-03-01T11:00:00"],
  ["2026-03-01", 1.4 * day, "2026-03-02"],
  ["2026-03-01", 1.6 * day, "2026-03-03"],
  ["2026-03-01", -day, "2026-02-28"],
])("%s moved by %i ms is %s: zone and precision stay", (text, shiftMs, expected) => {
  expect(shifted(text, shiftMs)).toBe(expected);
});

test("digits are added where the written ones cannot hold the moved time", () => {
  expect(shifted("2026-03-01T10:00Z", 30_000)).toBe("2026-03-01T10:00:30Z");
  expect(shifted("2026-03-01T10:00:00Z", 250)).toBe("2026-03-01T10:00:00.250Z");
  expect(shifted("2026-03-01T10:00:00.5Z", 250)).toBe("2026-03-01T10:00:00.750Z");
});

test("what is no time of the hospital stays", () => {
  const untouched = {
    resourceType: "Patient",
    id: "2026-03-01",
    meta: { versionId: "2026-03-01" },
    birthDate: "1940-03-15",
    _birthDate: { extension: [{ url: "patient-birthTime", valueDateTime: "1940-03-15T10:00:00Z" }] },
    identifier: [{ system: "urn:a", value: "2026-03-01T10:00:00Z" }],
    name: [{ family: "2026-03-01", given: ["2026-03-01"] }],
    text: { status: "generated", div: "2026-03-01" },
    note: [{ text: "2026-03-01T10:00:00Z" }],
    code: { coding: [{ system: "urn:b", version: "2026-03-01", code: "2026-03-01", display: "2026-03-01" }], text: "2026-03-01" },
    payload: [{ contentString: "2026-03-01" }],
    extension: [{ url: "urn:c", valueString: "2026-03-01T10:00:00Z" }],
    authoredOn: "2026-03-09T12:011:30",
    start: "2026-02-30T10:00:00Z",
    issued: "2026-03-01T10:00:00+99:99",
    end: "2026-02-30",
    recorded: "at 2026-03-01T10:00:00Z",
    year: "2026",
    month: "2026-03",
    number: 20260301,
    flag: true,
    none: null,
  };
  expect(shiftTimes(untouched, day)).toEqual(untouched);
});

test("times move wherever they stand", () => {
  const at = (time: string): Record<string, unknown> => ({
    meta: { lastUpdated: time },
    deceasedDateTime: time,
    name: [{ text: "a", period: { start: time } }],
    identifier: [{ value: "b", period: { end: time } }],
    code: { extension: [{ url: "urn:c", valueInstant: time }] },
    event: [time, time],
    contained: [{ resourceType: "Task", lastModified: time }],
  });
  expect(shiftTimes(at("2026-03-01T10:00:00Z"), day)).toEqual(at("2026-03-02T10:00:00Z"));
});

const instant = fc
  .tuple(fc.date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true }), fc.constantFrom(0, 1, 2, 3))
  .map(([date, digits]) => date.toISOString().replace(/\.(\d+)Z/, (_, ms: string) => `${digits === 0 ? "" : `.${ms.slice(0, digits)}`}Z`));
const shift = fc.integer({ min: -20_000 * hour, max: 20_000 * hour });

test("moving by a and then by b is moving by a and b together", () => {
  fc.assert(
    fc.property(instant, shift, shift, (text, a, b) => {
      const [twice, once] = [shifted(String(shifted(text, a)), b), shifted(text, a + b)].map((each) => Date.parse(String(each)));
      expect(twice).toBe(once);
      expect(once).toBe(Date.parse(text) + a + b);
    }),
  );
});

test("nothing changes but times, and there and back is nothing", () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom("12:011:30", "2026", "2026-13-01"));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      instant,
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom("id", "value", "text", "at", "period", "code"), tie("tree"), { maxKeys: 4 }),
    ),
  }));
  const blank = (value: unknown): string =>
    JSON.stringify(value, (_key, inside: unknown) => (typeof inside === "string" && /^\d{4}-\d\d-\d\dT/.test(inside) ? "time" : inside));
  fc.assert(
    fc.property(tree, fc.integer({ min: -9_000, max: 9_000 }), (value, hours) => {
      const resource = { inside: value };
      const moved = shiftTimes(resource, hours * hour);
      expect(blank(moved)).toBe(blank(resource));
      expect(shiftTimes(moved, -hours * hour)).toEqual(resource);
    }),
  );
});
