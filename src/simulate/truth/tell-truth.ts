import type { Chart } from "../chart.ts";
import type { Instant } from "../london-time.ts";
import { criticalUncommunicated } from "./critical-uncommunicated.ts";
import { tell, tellOccurrence, type Expectation, type Occurrence, type TruthLoop } from "./loop.ts";
import { doseMissed } from "./dose-missed.ts";
import { documentUnsent } from "./document-unsent.ts";
import { followUpUnbooked } from "./follow-up-unbooked.ts";
import { imagingUnreported } from "./imaging-unreported.ts";
import { observationLate } from "./observation-late.ts";
import { orderUnresulted } from "./order-unresulted.ts";
import { referralBounced } from "./referral-bounced.ts";
import { referralOpen } from "./referral-open.ts";
import { resultAmendedUnreviewed } from "./result-amended-unreviewed.ts";
import { resultPendingAtDischarge } from "./result-pending-at-discharge.ts";
import { triggerAfp, triggerFit, triggerHaematuria, triggerIronDeficiency, triggerKidney } from "./triggers.ts";
import { triggerLung } from "./trigger-lung.ts";
import { triggerThyroid } from "./trigger-thyroid.ts";
import { taskUnaccepted } from "./task-unaccepted.ts";
import { acknowledgedUnviewed } from "./acknowledged-unviewed.ts";
import { resultNoAction } from "./result-no-action.ts";
import { resultUnacknowledged } from "./result-unacknowledged.ts";
import { taskBounced } from "./task-bounced.ts";
import { taskOverdue } from "./task-overdue.ts";

/** Written from design.md and signals.md alone, over what the simulator's staff did: nothing here has seen a FHIR record. */
const signals: Readonly<Record<string, (chart: Chart, now: Instant) => Expectation[]>> = {
  "result-unacknowledged": resultUnacknowledged,
  "critical-uncommunicated": criticalUncommunicated,
  "result-no-action": resultNoAction,
  "order-unresulted": orderUnresulted,
  "task-overdue": taskOverdue,
  "task-unaccepted": taskUnaccepted,
  "result-amended-unreviewed": resultAmendedUnreviewed,
  "result-pending-at-discharge": resultPendingAtDischarge,
  "trigger-fit": triggerFit,
  "trigger-iron-deficiency": triggerIronDeficiency,
  "trigger-kidney": triggerKidney,
  "trigger-haematuria": triggerHaematuria,
  "trigger-afp": triggerAfp,
  "trigger-lung": triggerLung,
  "trigger-thyroid": triggerThyroid,
  "imaging-unreported": imagingUnreported,
  "document-unsent": documentUnsent,
  "dose-missed": doseMissed,
  "observation-late": observationLate,
  "referral-open": referralOpen,
  "referral-bounced": referralBounced,
  "follow-up-unbooked": followUpUnbooked,
};
const sequences: Readonly<Record<string, (chart: Chart, now: Instant) => Occurrence[]>> = {
  "acknowledged-unviewed": acknowledgedUnviewed,
  "task-bounced": taskBounced,
};

/** The ids of the signals that the truth can tell of. */
export const toldSignals: readonly string[] = [...Object.keys(signals), ...Object.keys(sequences), "wrong-patient-reorder"];

/** And of the series, whose truth is told once for the whole hospital. */
export const toldSeries: readonly string[] = ["results-incomplete", "potassium-shift", "duplicate-tests"];

/** Of feeds, by the hour. */
export const toldFeeds: readonly string[] = ["feed-silence", "feed-surge"];

/** Of records that were there before us the truth knows the results, and what staff did with them: of these it can tell. */
export const toldOverGiven: readonly string[] = toldSignals.filter((id) => /^(result|critical|task|acknowledged)-/.test(id));

/** Every loop of one patient, at the end of the simulated time; of all signals, or of these. What takes more than one patient is told of the whole hospital. */
export function tellTruth(chart: Chart, told: readonly string[] = toldSignals): TruthLoop[] {
  const { now } = chart.hospital;
  const { key } = chart.patient;
  return [
    ...ofThese(signals, told).flatMap((signal) => signal(chart, now).map((expected) => tell(expected, key, now))),
    ...ofThese(sequences, told).flatMap((sequence) => sequence(chart, now).map((occurred) => tellOccurrence(occurred, key, now))),
  ];
}

function ofThese<T>(table: Readonly<Record<string, T>>, ids: readonly string[]): T[] {
  return Object.entries(table).flatMap(([id, each]) => (ids.includes(id) ? [each] : []));
}
