import { describe, expect, test } from "vitest";
import { livePatients } from "../../src/simulate/care/journeys.ts";
import type { Chart, Result } from "../../src/simulate/chart.ts";
import { planHospital } from "../../src/simulate/hospital.ts";
import { DAY, HOUR, hourOf } from "../../src/simulate/london-time.ts";
import { nhsNumbers } from "../../src/simulate/nhs-number.ts";
import type { SimulateOptions } from "../../src/simulate/options.ts";

const options: SimulateOptions = {
  seed: 3,
  days: 60,
  beds: 30,
  dialect: "balp",
  mess: { declared: 0, undeclared: 0 },
  start: Date.parse("2026-01-05T00:00:00Z"),
  auditEvents: 0,
};
const charts: Chart[] = [...livePatients(planHospital(options), nhsNumbers(), () => undefined)];
const results = charts.flatMap((chart) => chart.results);
const firstFinal = (result: Result): number => result.versions.find(({ status }) => status === "final")?.at ?? NaN;
const isCritical = (result: Result): boolean =>
  result.versions.some(({ readings }) => readings.some(({ values }) => values[0]?.level === "critical"));

/** Hours from issue to the first acknowledgement after it, shortest first; those never acknowledged last. */
function delaysOf(kind: Result["kind"]): number[] {
  return results
    .filter((result) => result.kind === kind && !isCritical(result) && firstFinal(result) < options.start + 30 * DAY)
    .map((result) => {
      const after = result.acknowledgements.map(({ at }) => at - firstFinal(result)).filter((delay) => delay >= 0);
      return after.length === 0 ? Infinity : Math.min(...after) / HOUR;
    })
    .sort((one, other) => one - other);
}

const shareWithin = (delays: readonly number[], hours: number): number => delays.filter((delay) => delay <= hours).length / delays.length;

describe("people behave as section 3 of signals.md has it, near enough", () => {
  test("laboratory results are acknowledged after a median of 18.1 h, 60 % within a day", () => {
    const delays = delaysOf("laboratory");
    expect(delays.length).toBeGreaterThan(2_000);
    expect(delays[Math.floor(delays.length / 2)]).toBeGreaterThan(15);
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(22);
    expect(shareWithin(delays, 24)).toBeGreaterThan(0.53);
    expect(shareWithin(delays, 24)).toBeLessThan(0.65);
  });

  test("imaging results after a median of 42 h, 44 % within a day, 18.1 % not in two weeks", () => {
    const delays = delaysOf("imaging");
    expect(delays.length).toBeGreaterThan(300);
    expect(shareWithin(delays, 24)).toBeGreaterThan(0.37);
    expect(shareWithin(delays, 24)).toBeLessThan(0.5);
    expect(shareWithin(delays, 14 * 24)).toBeGreaterThan(0.76);
    expect(shareWithin(delays, 14 * 24)).toBeLessThan(0.88);
  });

  test("most results of those in hospital come by day, many of them before noon", () => {
    const inHospital = results.filter(
      ({ kind, encounter }) => kind === "laboratory" && encounter !== undefined && encounter.class !== "AMB",
    );
    const hours = inHospital.map((result) => hourOf(firstFinal(result)));
    const between = (from: number, to: number): number => hours.filter((hour) => hour >= from && hour < to).length / hours.length;
    expect(between(8, 13)).toBeGreaterThan(0.35);
    expect(between(0, 6)).toBeLessThan(0.15);
  });

  test("every patient has a number of the test range, and no two have the same", () => {
    const numbers = charts.map(({ patient }) => patient.nhsNumber);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) {
      const sum = Array.from(number.slice(0, 9), Number).reduce((total, digit, place) => total + digit * (10 - place), 0);
      expect(number).toMatch(/^999\d{7}$/);
      expect((11 - (sum % 11)) % 11).toBe(Number(number[9]));
    }
  });

  test("no bed holds two people at once", () => {
    const stays = Map.groupBy(
      charts.filter(({ patient }) => patient.id.startsWith("b")),
      ({ patient }) => patient.id.split("-")[0],
    );
    expect(stays.size).toBe(options.beds);
    for (const own of stays.values()) {
      const ward = own.flatMap(({ encounters }) => encounters.filter((encounter) => encounter.class === "IMP"));
      ward.slice(1).forEach((encounter, place) => expect(encounter.from).toBeGreaterThan(ward[place]!.to));
    }
  });
});
