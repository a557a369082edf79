import { assumed } from "../assumptions.ts";
import { emptyChart, type Chart, type Encounter, type Patient } from "../chart.ts";
import { rollDice, type Dice } from "../dice.ts";
import type { Bed, Hospital, Team } from "../hospital.ts";
import { DAY, HOUR, MINUTE, atHour, isWeekend, type Instant } from "../london-time.ts";
import { familyNames, givenNames } from "../names.ts";
import { pickOnDuty } from "../staff.ts";
import { bringHistory } from "./bring-history.ts";
import { goOn } from "./go-on.ts";
import { mixUp } from "./mix-up.ts";
import { openCharts } from "./open-charts.ts";
import { orderTest } from "./order-test.ts";
import { seeOut } from "./see-out.ts";
import { servePractices } from "./serve-practices.ts";
import { takeScores } from "./take-scores.ts";
import { workOnWard } from "./ward-work.ts";

/** Told after each bed and each day: how much of the whole is done. */
export type OnStep = (done: number, total: number) => void;

/**
 * Every patient of the hospital, one at a time and each with all that was ever done for them: bed by bed, then those who came to
 * the emergency department and went home, then the clinics and the patients of practices. So memory holds two patients, of whom one may be taken for the other.
 */
export function* livePatients(hospital: Hospital, numbers: Iterator<string>, onStep: OnStep): Generator<Chart> {
  let before: Chart | undefined;
  for (const chart of comeAndGo(hospital, numbers, onStep)) {
    goOn(chart);
    if (before !== undefined) {
      mixUp(before, chart);
      yield before;
    }
    before = chart;
  }
  if (before !== undefined) yield before;
}

/** The patients of practices alone: of the hospital the laboratory. */
export function* livePractices(hospital: Hospital, numbers: Iterator<string>): Generator<Chart> {
  yield* servePractices(hospital, (dice, id) => drawPatient(dice, hospital, id, hospital.emergency, numbers));
}

function* comeAndGo(hospital: Hospital, numbers: Iterator<string>, onStep: OnStep): Generator<Chart> {
  const total = hospital.beds.length + hospital.options.days;
  for (const bed of hospital.beds) {
    yield* liveInBed(hospital, bed, numbers);
    onStep(bed.number, total);
  }
  for (let day = hospital.start, number = 0; day < hospital.now; day = atHour(day, 0, 1), number += 1) {
    yield* attend(hospital, day, number, numbers);
    if (!isWeekend(day)) yield* visitClinics(hospital, day, number, numbers);
    onStep(hospital.beds.length + number + 1, total);
  }
  yield* livePractices(hospital, numbers);
}

function* liveInBed(hospital: Hospital, bed: Bed, numbers: Iterator<string>): Generator<Chart> {
  const dice = rollDice(hospital.options.seed, "bed", bed.number);
  // Beds of a new hospital fill over its first day.
  let from = hospital.start + dice.int(1, 24 * 60) * MINUTE;
  for (let stay = 1; from < hospital.now; stay += 1) {
    const chart = startChart(hospital, `b${bed.number}-${stay}`, bed.ward, numbers);
    const to = stayOnWard(chart, bed.ward, from);
    yield chart;
    from = to + dice.int(60, 14 * 60) * MINUTE;
  }
}

/** Two thirds come through the emergency department. Returns when the bed is free again. */
function stayOnWard(chart: Chart, ward: Team, bedFrom: Instant): Instant {
  const { dice, hospital } = chart;
  if (ward.specialty !== "critical-care" && dice.chance(0.65)) seeInEmergency(chart, bedFrom - dice.int(180, 420) * MINUTE, bedFrom);
  const median = assumed.stayDays.value[ward.specialty];
  const days = dice.chance(0.9) ? median * dice.between(0.35, 1.8) : median * dice.between(2, 4);
  // Most go home in the afternoon.
  const to = Math.max(atHour(bedFrom + days * DAY, dice.between(11, 19)), bedFrom + 6 * HOUR);
  const encounter = startEncounter(chart, "IMP", ward, bedFrom, to);
  workOnWard(chart, encounter);
  takeScores(chart, encounter);
  openCharts(chart, encounter);
  if (to < hospital.now && dice.chance(assumed.deaths.value)) chart.patient.diedAt = to;
  seeOut(chart, encounter);
  return to;
}

function* attend(hospital: Hospital, day: Instant, number: number, numbers: Iterator<string>): Generator<Chart> {
  const dice = rollDice(hospital.options.seed, "attendances", number);
  const count = Math.round(hospital.options.beds * assumed.attendancesADay.value * dice.between(0.7, 1.3));
  for (let place = 1; place <= count; place += 1) {
    const chart = startChart(hospital, `e${number + 1}-${place}`, hospital.emergency, numbers);
    // Few before dawn, most from ten in the morning to ten at night.
    const at = atHour(day, chart.dice.chance(0.8) ? chart.dice.between(9, 23) : chart.dice.between(0, 9));
    seeInEmergency(chart, at, at + chart.dice.int(70, 330) * MINUTE);
    yield chart;
  }
}

function seeInEmergency(chart: Chart, from: Instant, to: Instant): void {
  const { dice, hospital } = chart;
  const start = Math.max(from, hospital.start + MINUTE);
  if (start >= to || start >= hospital.now) return;
  const encounter = startEncounter(chart, "EMER", hospital.emergency, start, to);
  const at = start + dice.int(8, 55) * MINUTE;
  const team = hospital.emergency;
  const by = pickOnDuty(hospital, dice, team, "doctor", at);
  const panels = [
    dice.chance(0.75) && "renal",
    dice.chance(0.75) && "bloodCount",
    dice.chance(0.6) && "crp",
    dice.chance(0.25) && "troponin",
  ] as const;
  for (const panel of panels) {
    if (panel !== false && at < Math.min(to, hospital.now)) {
      orderTest(chart, { panel, at: at + dice.int(0, 40) * 1_000, priority: dice.chance(0.7) ? "stat" : "urgent", by, encounter, team });
    }
  }
  if (dice.chance(0.4) && at + 10 * MINUTE < hospital.now) {
    const panel = dice.weigh({ chestXray: 7, ct: 3 });
    orderTest(chart, { panel, at: at + 10 * MINUTE, priority: dice.chance(0.5) ? "stat" : "urgent", by, encounter, team });
  }
  openCharts(chart, encounter);
  seeOut(chart, encounter);
}

function* visitClinics(hospital: Hospital, day: Instant, number: number, numbers: Iterator<string>): Generator<Chart> {
  const dice = rollDice(hospital.options.seed, "clinics", number);
  const count = Math.round(hospital.options.beds * assumed.clinicVisitsADay.value * dice.between(0.7, 1.3));
  for (let place = 1; place <= count; place += 1) {
    const team = dice.pick(hospital.clinics);
    const chart = startChart(hospital, `c${number + 1}-${place}`, team, numbers);
    visitClinic(chart, team, atHour(day, chart.dice.between(9, 16.5)));
    yield chart;
  }
}

function visitClinic(chart: Chart, team: Team, from: Instant): void {
  const { dice, hospital } = chart;
  if (from >= hospital.now) return;
  const encounter = startEncounter(chart, "AMB", team, from, from + dice.int(15, 45) * MINUTE);
  const by = pickOnDuty(hospital, dice, team, "doctor", from);
  const at = from + dice.int(5, 14) * MINUTE;
  const order = (panel: Parameters<typeof orderTest>[1]["panel"], daysLater: readonly [number, number]): void => {
    const collectedAt = at + Math.round(dice.between(...daysLater) * 24 * 60) * MINUTE;
    const priority = dice.weigh({ routine: 7, urgent: 3 });
    orderTest(chart, { panel, at, priority, by, encounter, team, collectedAt });
  };
  if (dice.chance(0.6)) order(dice.weigh({ renal: 4, bloodCount: 4, liver: 3, thyroid: 3, bone: 2 }), [0.02, 5]);
  if (dice.chance(0.25)) order(dice.weigh({ ct: 3, ultrasound: 4, chestXray: 3 }), [2, 25]);
  if (dice.chance(0.1)) order("histology", [0.05, 12]);
  openCharts(chart, encounter);
  seeOut(chart, encounter);
}

function startEncounter(chart: Chart, of: Encounter["class"], team: Team, from: Instant, to: Instant): Encounter {
  const key = `Encounter/${chart.patient.id}-e${chart.encounters.length + 1}`;
  const encounter: Encounter = { key, class: of, team, from, to };
  chart.encounters.push(encounter);
  return encounter;
}

function startChart(hospital: Hospital, id: string, team: Team, numbers: Iterator<string>): Chart {
  const dice = rollDice(hospital.options.seed, "patient", id);
  const patient = drawPatient(dice, hospital, id, team, numbers);
  const chart = emptyChart(hospital, dice, patient);
  chart.history.push(...bringHistory(hospital, patient));
  return chart;
}

function drawPatient(dice: Dice, { start }: Hospital, id: string, team: Team, numbers: Iterator<string>): Patient {
  const age =
    team.specialty === "children"
      ? dice.int(1, 14)
      : team.specialty === "elderly"
        ? dice.int(72, 97)
        : Math.round(dice.between(18, 70) + dice.between(0, 24));
  const gender = dice.pick(["female", "male"] as const);
  // Never near a sixteenth birthday: who is a child is so for the whole time.
  const birthDate = new Date(Date.UTC(new Date(start).getUTCFullYear() - age, dice.int(0, 11), dice.int(1, 28))).toISOString().slice(0, 10);
  return {
    key: `Patient/${id}`,
    id,
    nhsNumber: String(numbers.next().value),
    family: dice.pick(familyNames),
    given: dice.pick(givenNames[gender]),
    gender,
    birthDate,
    isChild: age < 16,
  };
}
