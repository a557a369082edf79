import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addLaterLook, addResult, asLines, dayMs, endOf, listPatients, writeCoverage, type Resource } from "./generate-feed.ts";

export interface HistorySize {
  /** Of the smaller history; a fifth as many patients. */
  readonly reports: number;
  /** How many of them each of the last days has, whatever lies before. */
  readonly reportsADay: number;
  /** AuditEvents for each report. */
  readonly looks: number;
  /** Of the day that is read on top. */
  readonly reportsOfTheDay: number;
}

/** How a history differs from the smaller one. */
export interface HistoryShape {
  readonly days: number;
  /** How many reports of strangers there are for each report. */
  readonly strangers: number;
}

/** The longest limit of a signal that is on is thirty days: whatever is due, or waited for, on the day that follows opened in these. */
const lastDays = 32;
const reportsAtOnce = 500;

/**
 * What is held before the day begins (`endOf(0)`): the reports of the patients whom the day touches, evenly over all days but the
 * last, and in the last days as many in every history, so that as many fall due on the day. A stranger is a patient of whom nothing
 * comes and nothing falls due any more; the same clinicians look at everybody.
 */
export function writeHistory(folder: string, size: HistorySize, { days, strangers }: HistoryShape): void {
  mkdirSync(folder, { recursive: true });
  const patients = patientsOf(size);
  const old = size.reports - lastDays * size.reportsADay;
  writeFileSync(join(folder, "Patient.ndjson"), asLines(listPatients(patients)));
  writeReports(folder, "own", size, { first: 0, end: old, fromDay: -days, toDay: -lastDays, patients, ward: "" });
  writeReports(folder, "own", size, { first: old, end: size.reports, fromDay: -lastDays, toDay: 0, patients, ward: "" });
  writeCoverage(folder, -days, 0);
  if (strangers === 0) return;
  writeFileSync(join(folder, "Patient.strangers.ndjson"), asLines(listPatients(patients * strangers, "s")));
  const all = { first: 0, end: size.reports * strangers, fromDay: -days, toDay: -lastDays };
  writeReports(folder, "strangers", size, { ...all, patients: patients * strangers, ward: "s" });
}

/**
 * A day that follows, the first of which is 0: the same for every history. New reports of patients of whom something is held, each looked
 * at as ever, and for each a look at another report from anywhere in their history.
 */
export function writeDayMore(folder: string, size: HistorySize, day: number): void {
  mkdirSync(folder, { recursive: true });
  const { reports, reportsOfTheDay, looks } = size;
  const [patients, ward] = [patientsOf(size), ""];
  const first = reports + day * reportsOfTheDay;
  writeReports(folder, "day", size, { first, end: first + reportsOfTheDay, fromDay: day, toDay: day + 0.8, patients, ward });
  const resources: Resource[] = [];
  for (let place = 0; place < reportsOfTheDay; place += 1) {
    const number = Math.floor((place / reportsOfTheDay) * reports);
    const at = endOf(day + (0.8 * place) / reportsOfTheDay);
    addLaterLook((resource) => resources.push(resource), { number, at, patients, looks: looks + day });
  }
  writeFileSync(join(folder, "AuditEvent.earlier.ndjson"), asLines(resources));
  writeCoverage(folder, day, day + 1);
}

function patientsOf({ reports }: HistorySize): number {
  return Math.ceil(reports / 5);
}

interface Stretch {
  /** Numbers of its reports: `[first, end)`. */
  readonly first: number;
  readonly end: number;
  readonly fromDay: number;
  readonly toDay: number;
  readonly patients: number;
  readonly ward: string;
}

/** A file a type and some months. */
function writeReports(folder: string, name: string, { looks }: HistorySize, { first, end, fromDay, toDay, patients, ward }: Stretch): void {
  for (let number = first; number < end;) {
    const resources: Resource[] = [];
    for (const last = Math.min(end, number + reportsAtOnce); number < last; number += 1) {
      const at = endOf(fromDay) + ((number - first) / (end - first)) * (toDay - fromDay) * dayMs;
      addResult((resource) => resources.push(resource), { number, at, patients, looks, ward });
    }
    const month = String(Math.floor((number - 1) / 20_000)).padStart(4, "0");
    for (const [type, ofType] of Map.groupBy(resources, (resource) => String(resource["resourceType"])))
      appendFileSync(join(folder, `${type}.${month}.${name}.ndjson`), asLines(ofType));
  }
}
