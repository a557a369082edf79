import fc from "fast-check";
import { expect, test } from "vitest";
import type { DeclaredCoverage } from "../../src/fhir/declared-coverage.ts";
import { coverageOf, noteTime, type TimesSeen } from "../../src/fhir/folder-coverage.ts";

const clock = 1000;
const nothing: DeclaredCoverage = { byType: new Map(), manifests: [] };
const seen = (...times: [string, number][]): TimesSeen => {
  const noted: TimesSeen = new Map();
  for (const [type, at] of times) noteTime(noted, type, at, clock);
  return noted;
};

test("what nothing declares is assumed, per type, from its own earliest time to the latest of the folder", () => {
  expect(
    coverageOf(nothing, seen(["Task", 50], ["AuditEvent", 300], ["Task", 20], ["AuditEvent", 100], ["Task", 30], ["Patient", 7])),
  ).toEqual({
    feeds: [
      { type: "AuditEvent", intervals: [{ from: 100, to: 300 }], how: "assumed" },
      { type: "Patient", intervals: [{ from: 7, to: 300 }], how: "assumed" },
      { type: "Task", intervals: [{ from: 20, to: 300 }], how: "assumed" },
    ],
    afterClock: 0,
  });
});

test("times later than the clock are left out and counted; the clock's own instant is not later", () => {
  expect(
    coverageOf(nothing, seen(["Task", 1001], ["AuditEvent", 5000], ["AuditEvent", 900], ["AuditEvent", 1000], ["AuditEvent", 1001])),
  ).toEqual({
    feeds: [
      { type: "AuditEvent", intervals: [{ from: 900, to: 1000 }], how: "assumed" },
      { type: "Task", intervals: [], how: "assumed" },
    ],
    afterClock: 3,
  });
});

test("coverage.json comes before a manifest, and a manifest before what was seen", () => {
  const declared: DeclaredCoverage = {
    byType: new Map([["AuditEvent", []]]),
    manifests: [
      { types: ["AuditEvent", "Task", "Patient"], to: 500 },
      { types: ["Task"], from: 600, to: 700 },
    ],
  };
  expect(
    coverageOf(declared, seen(["AuditEvent", 10], ["Task", 100], ["Task", 900], ["Observation", 40], ["Observation", 60])).feeds,
  ).toEqual([
    { type: "AuditEvent", intervals: [], how: "declared" },
    { type: "Observation", intervals: [{ from: 40, to: 900 }], how: "assumed" },
    // None was seen: from the earliest time of the folder.
    { type: "Patient", intervals: [{ from: 10, to: 500 }], how: "manifest" },
    {
      type: "Task",
      intervals: [
        { from: 100, to: 500 },
        { from: 600, to: 700 },
      ],
      how: "manifest",
    },
  ]);
});

test("a manifest without _since beside no time at all covers nothing", () => {
  expect(coverageOf({ byType: new Map(), manifests: [{ types: ["Task"], to: 500 }] }, seen()).feeds).toEqual([
    { type: "Task", intervals: [], how: "manifest" },
  ]);
});

test("the order in which times are seen makes no difference", () => {
  const aTime = fc.tuple(fc.constantFrom("Task", "Patient"), fc.integer({ min: 0, max: 1200 }));
  fc.assert(
    fc.property(fc.array(aTime), (times) => {
      expect(coverageOf(nothing, seen(...times.toReversed()))).toEqual(coverageOf(nothing, seen(...times)));
    }),
  );
});
