import { describe, expect, it } from "vitest";
import { feeds, type Coverage } from "./coverage.ts";
import { deliver, deliverByTime, type Delivery } from "./delivery.ts";
import { makeHospital, type Hospital } from "./hospital.ts";
import { joinIntervals, readIntervals } from "./intervals.ts";
import { readDelivery } from "./read-delivery.ts";

const seeds = Array.from({ length: 60 }, (_, index) => index + 1);
const hospitals = seeds.map((seed) => makeHospital(seed));

/** Counted where they happen; what is drawn from a table is counted by its rows, those never drawn as 0. */
const happenings = [
  "merge",
  "unmerge",
  "more-than-five-ids",
  "practitioners-joined-by-gmc",
  "person-never-read",
  "identifier-borne-by-two",
  "version-never-seen",
  "late-version",
  "late-resource",
  "filled-gap",
  "not-named-but-held",
  "later-than-the-last-now",
  "changed:due",
  "changed-due:before-due",
  "changed-due:after-due",
  "order-priority-changed",
  "status-repeated",
  "critical-repeated",
  "report-of-several",
  "observation-with-members",
  "report-patient-changed",
  "report-order-dropped",
  "report-performed-by-requester",
  "encounter-class-changed",
  "encounter-never-read",
  "deletion",
  "deletion-undone",
  "action-before-look",
  "action-after-look",
  "action-revoked-later",
  "task-audit-of-version",
  "task-audit-by-time",
  ...["acknowledged", "communicated", "actioned", "completed"].map((evidence) => `left-out:${evidence}`),
  ...feeds.flatMap((feed) => [`type:${feed}`, `gap-in:${feed}`]),
  "silent:resulted",
  "zone:Europe/London",
];

const sortKeys = (_: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
    : value;
const contents = (resources: readonly unknown[]): string[] => [...new Set(resources.map((each) => JSON.stringify(each, sortKeys)))].sort();
const joined = (coverages: readonly Coverage[]): unknown =>
  Object.fromEntries(
    [...new Set(coverages.flatMap((each) => Object.keys(each)))]
      .sort()
      .map((type) => [type, joinIntervals(coverages.flatMap((each) => readIntervals(each[type] ?? [])))]),
  );

function expectWhole(deliveries: readonly Delivery[], hospital: Hospital): void {
  expect(contents(deliveries.flatMap(readDelivery))).toEqual(contents(hospital.resources));
  expect(joined(deliveries.map((each) => each.coverage))).toEqual(joined([hospital.coverage]));
  for (const { coverage } of deliveries) expect(Object.keys(coverage).sort()).toEqual(Object.keys(hospital.coverage).sort());
}

describe("a seeded hospital", () => {
  it("has the same bytes for the same seed, and others for another", () => {
    for (const seed of [1, 2, 17]) {
      expect(JSON.stringify(makeHospital(seed))).toBe(JSON.stringify(makeHospital(seed)));
      expect(deliver(makeHospital(seed), 5)).toEqual(deliver(makeHospital(seed), 5));
      expect(deliverByTime(makeHospital(seed), 5)).toEqual(deliverByTime(makeHospital(seed), 5));
    }
    expect(new Set(hospitals.map((each) => JSON.stringify(each.resources))).size).toBe(seeds.length);
  });

  it("is small, and scanned three to five times at increasing instants", () => {
    for (const { resources, nows } of hospitals) {
      expect(resources.length).toBeGreaterThanOrEqual(60);
      expect(resources.length).toBeLessThanOrEqual(220);
      const instants = nows.map((now) => Date.parse(now));
      expect(instants.length).toBeGreaterThanOrEqual(3);
      expect(instants.length).toBeLessThanOrEqual(5);
      expect(instants).toEqual([...new Set(instants)].sort((left, right) => left - right));
    }
  });

  it("puts in everything that the rules turn on, in sixty seeds", () => {
    const total: Record<string, number> = {};
    const within: Record<string, number> = {};
    for (const { counts } of hospitals) {
      for (const [name, count] of Object.entries(counts)) {
        total[name] = (total[name] ?? 0) + count;
        within[name] = (within[name] ?? 0) + (count > 0 ? 1 : 0);
      }
    }
    const names = Object.keys(total).sort();
    console.log(names.map((name) => `${name.padEnd(44)} ${String(total[name]).padStart(6)} in ${within[name]} seeds`).join("\n"));
    expect(names.filter((name) => total[name] === 0)).toEqual([]);
    expect(happenings.filter((name) => !(name in total))).toEqual([]);
  });

  it("holds every status and FHIR version that the rules tell apart", () => {
    const held = hospitals.flatMap((each) => each.resources);
    const statuses = (type: string): unknown[] =>
      [
        ...new Set(held.filter((each) => each["resourceType"] === type && each["deleted"] !== true).map((each) => String(each["status"]))),
      ].sort();
    expect(statuses("DiagnosticReport")).toEqual([
      "amended",
      "appended",
      "cancelled",
      "corrected",
      "entered-in-error",
      "final",
      "partial",
      "preliminary",
      "registered",
    ]);
    expect(statuses("Task")).toEqual([
      "accepted",
      "cancelled",
      "completed",
      "draft",
      "entered-in-error",
      "failed",
      "in-progress",
      "on-hold",
      "ready",
      "received",
      "rejected",
      "requested",
      "undefined",
    ]);
    expect(statuses("ServiceRequest")).toEqual(["active", "cancelled", "completed", "draft", "entered-in-error", "on-hold", "revoked"]);
    expect(statuses("Observation")).toEqual(["cancelled", "corrected", "entered-in-error", "final", "preliminary"]);
    const audits = held.filter((each) => each["resourceType"] === "AuditEvent");
    const share = (holds: (each: Record<string, unknown>) => boolean): number => audits.filter(holds).length / audits.length;
    expect(share((each) => "code" in each)).toBeGreaterThan(0.05);
    expect(share((each) => JSON.stringify(each["entity"]).includes('"reference":{'))).toBeGreaterThan(0.05);
    expect(share((each) => !("id" in each))).toBeGreaterThan(0.02);
    expect(share((each) => !("outcome" in each))).toBeGreaterThan(0.1);
  });
});

describe("deliveries of a hospital", () => {
  it("hold together what the hospital holds, however they are split, repeated and shuffled", () => {
    for (const hospital of hospitals.slice(0, 30)) {
      expectWhole(deliver(hospital, hospital.seed), hospital);
      expectWhole(deliver(hospital, 1, { parts: 1, duplicate: false, shuffle: false }), hospital);
    }
  });

  it("hold together what the hospital holds when they come in the order of time", () => {
    for (const hospital of hospitals.slice(0, 30)) {
      const deliveries = deliverByTime(hospital, hospital.seed);
      expect(deliveries.length).toBe(hospital.nows.length);
      expectWhole(deliveries, hospital);
    }
  });

  it("bring a type that the coverage does not name in one delivery, so that its assumed coverage is the same", () => {
    for (const hospital of hospitals) {
      const unnamed = feeds.filter((feed) => !(feed in hospital.coverage));
      for (const deliveries of [deliver(hospital, 3, { parts: 4 }), deliverByTime(hospital, 3)]) {
        for (const feed of unnamed) {
          expect(
            deliveries.filter((each) => readDelivery(each).some((resource) => resource["resourceType"] === feed)).length,
          ).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it("cover nothing later than their own scan until the last", () => {
    for (const hospital of hospitals) {
      deliverByTime(hospital, 7)
        .slice(0, -1)
        .forEach(({ coverage }, index) => {
          const ends = Object.values(coverage).flatMap((intervals) => intervals.map(([, to]) => Date.parse(to)));
          expect(Math.max(-Infinity, ...ends)).toBeLessThanOrEqual(Date.parse(hospital.nows[index] ?? ""));
        });
    }
  });

  it("come as gzip, Bundles with urns, deletions, arrays, single resources and byte order marks", () => {
    const files = hospitals.slice(0, 20).flatMap((hospital) => deliver(hospital, 9).flatMap((each) => Object.entries(each.files)));
    const texts = files.map(([, content]) => content).filter((content) => typeof content === "string");
    expect({
      gzip: files.some(([, content]) => content instanceof Uint8Array),
      urn: texts.some((text) => /"reference":\s*"urn:uuid:/.test(text)),
      deletion: texts.some((text) => text.includes("DELETE")),
      array: texts.some((text) => text.startsWith("[")),
      mark: texts.some((text) => text.startsWith("\uFEFF")),
      folder: files.some(([name]) => name.startsWith("sub/folder/")),
      single: files.some(([name]) => name.includes("single/")),
      lines: texts.some((text) => text.includes("}\r\n{")),
    }).toEqual({ gzip: true, urn: true, deletion: true, array: true, mark: true, folder: true, single: true, lines: true });
  });
});
