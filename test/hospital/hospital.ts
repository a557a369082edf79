import type { Instant } from "../../src/domain/instant.ts";
import { putAction } from "./actions.ts";
import { planArrival, recordedAt } from "./arrival.ts";
import { putLook, putOrderAudit, putReportAudit } from "./audits.ts";
import { putCommunication } from "./communications.ts";
import { drawCoverage, type Coverage } from "./coverage.ts";
import { rollDice } from "./dice.ts";
import { putEncounter } from "./encounters.ts";
import { DAY, HOUR, MINUTE, write } from "./moments.ts";
import { putDeletion, putOddity } from "./oddities.ts";
import { putOrder } from "./orders.ts";
import { admitPatients, putPatients, type Patient } from "./patients.ts";
import { putPeople } from "./people.ts";
import { putReportProvenance } from "./provenances.ts";
import { putReport, type Report } from "./reports.ts";
import { putTask } from "./tasks.ts";
import { draw, tally, type Evidence, type Json, type Ward } from "./ward.ts";

export interface Hospital {
  seed: number;
  site: string;
  timeZone: string;
  /** Raw FHIR JSON, every version that will ever be delivered; a FHIR deletion is `{ resourceType, id, meta, deleted: true }`. */
  resources: Record<string, unknown>[];
  /** The union of all that will ever be covered. A type that is held and not named here always travels whole. */
  coverage: Coverage;
  /** The instants of successive scans, increasing; events later than the last one exist. */
  nows: string[];
  /** How often each thing was put in, by name. */
  counts: Record<string, number>;
}

const silences: Record<string, readonly Evidence[]> = {
  nothing: [],
  acknowledged: ["acknowledged"],
  "acknowledged-and-communicated": ["acknowledged", "communicated"],
  // A Communication about a report is an action too.
  actioned: ["actioned", "communicated"],
  resulted: ["resulted"],
  completed: ["completed"],
};

/** By turns of the seed, so that any ten in a row hold each of them, and half are silent about nothing. */
const silentInTurn = [
  "nothing",
  "acknowledged",
  "nothing",
  "actioned",
  "nothing",
  "resulted",
  "nothing",
  "completed",
  "nothing",
  "acknowledged-and-communicated",
];

/** A small hospital, crowded around the limits of the five default signals. The same seed gives the same bytes. */
export function makeHospital(seed: number, size = 6): Hospital {
  const ward = openWard(seed);
  putPeople(ward);
  const patients = admitPatients(ward, size);
  const reports = patients.flatMap((patient, index) => treat(ward, patient, index + 1));
  putPatients(ward, patients);
  for (let each = ward.dice.int(1, 3); each > 0; each--) putOddity(ward, ward.dice.pick(reports), `odd-${each}`);
  if (ward.dice.chance(0.6)) putDeletion(ward);
  const nows = drawNows(ward);
  const last = nows[nows.length - 1] as Instant;
  const lag = ward.dice.pick([1, HOUR, 6 * HOUR, 7 * HOUR]);
  const end = { "last-now": last, "after-last-now": last + DAY, lagging: last - lag }[
    draw(ward, "coverage-end", { "last-now": 5, "after-last-now": 2, lagging: 3 })
  ];
  const coverage = drawCoverage(ward, end);
  const { timeZone, resources, counts } = ward;
  if (resources.some((each) => recordedAt(each, last) > last)) tally(ward, "later-than-the-last-now");
  const hospital: Hospital = {
    seed,
    site: `hospital-${seed}`,
    timeZone,
    resources,
    coverage,
    nows: nows.map((now) => write(ward, now)),
    counts,
  };
  const { late, withheld } = planArrival(hospital);
  for (const index of late) tally(ward, `late-${hasOtherVersions(resources, index) ? "version" : "resource"}`);
  for (let gap = 0; gap < withheld.length; gap++) tally(ward, "filled-gap");
  return hospital;
}

function hasOtherVersions(resources: readonly Json[], index: number): boolean {
  const { resourceType, id } = resources[index] ?? {};
  return id !== undefined && resources.some((each, place) => place !== index && each["resourceType"] === resourceType && each["id"] === id);
}

function openWard(seed: number): Ward {
  const dice = rollDice(seed);
  const counts: Record<string, number> = {};
  const silence = silentInTurn[Math.abs(seed) % silentInTurn.length] ?? "nothing";
  tally({ counts }, `silent:${silence}`);
  const timeZone = dice.weigh({ "Europe/London": 8, "America/New_York": 1, "Pacific/Auckland": 1 });
  const span = dice.weigh({ "2": 3, "18": 4, "45": 2 });
  tally({ counts }, `zone:${timeZone}`);
  tally({ counts }, `span-days:${span}`);
  // In all three spans the last Sunday of March 2025, when London skips an hour, falls inside.
  const start = Date.UTC(2025, 2, 29, 6) - (Number(span) - 2) * 12 * HOUR;
  return {
    seed,
    dice,
    timeZone,
    start,
    span: Number(span) * DAY,
    silent: new Set(silences[silence]),
    resources: [],
    counts,
    openings: [],
    dues: [],
    identifiers: new Map(),
  };
}

/** One patient's stay: an encounter, orders, reports and what became of each. */
function treat(ward: Ward, patient: Patient, number: number): Report[] {
  const orders = Array.from({ length: ward.dice.int(1, 2) }, (_, place) => putOrder(ward, patient, `o-${number}-${place + 1}`));
  const encounter = ward.dice.chance(0.7) ? putEncounter(ward, patient, `e-${number}`) : undefined;
  const reports: Report[] = [];
  for (let place = ward.dice.int(1, 2); place > 0; place--) {
    const critical = reports.find((each) => each.urgency === "critical");
    const order = ward.dice.chance(0.7) ? ward.dice.pick(orders) : undefined;
    reports.push(
      putReport(ward, patient, `dr-${number}${place === 1 ? "" : "-2"}`, order, encounter, ward.dice.chance(0.7) ? critical : undefined),
    );
  }
  for (const report of reports) followUp(ward, report);
  for (const order of orders) if (ward.dice.chance(0.2)) putOrderAudit(ward, order, `${order.key.split("/")[1]}-audit`);
  if (ward.dice.chance(0.7)) putTask(ward, patient, `t-${number}`);
  return reports;
}

function followUp(ward: Ward, report: Report): void {
  const id = report.key.split("/")[1] ?? "";
  for (let each = ward.dice.int(0, 3); each > 0; each--) putReportAudit(ward, report, `${id}-audit-${each}`);
  if (ward.dice.chance(0.4)) putTask(ward, report.patient, `${id}-task`, report);
  if (ward.dice.chance(0.25)) putReportProvenance(ward, report, `${id}-provenance`);
  if (ward.dice.chance(report.urgency === "critical" ? 0.7 : 0.2)) putCommunication(ward, report, `${id}-communication`);
  const look = ward.dice.chance(0.5) ? putLook(ward, report, `${id}-look`) : undefined;
  if (ward.dice.chance(look === undefined ? 0.3 : 0.7)) putAction(ward, report, `${id}-action`, look);
}

const nowOffsets = [-1, 0, 1, -MINUTE, MINUTE, HOUR, 6 * HOUR - 1, 6 * HOUR, 6 * HOUR + 1];

/** Three to five scans, next to dues and to the end of `blindAfter`; something is nearly always still ahead of the last. */
function drawNows(ward: Ward): Instant[] {
  const dues = [...ward.dues].sort((left, right) => left - right);
  const candidates = [...new Set([...dues.flatMap((due) => nowOffsets.map((offset) => due + offset)), ...ward.openings])].sort(
    (left, right) => left - right,
  );
  const latest = candidates.slice(Math.floor(candidates.length * 0.7), Math.max(1, Math.floor(candidates.length * 0.97)));
  const last = ward.dice.pick(latest);
  const earlier = ward.dice.shuffle(candidates.filter((at) => at < last)).slice(0, ward.dice.int(2, 4));
  return [...earlier.sort((left, right) => left - right), last];
}
