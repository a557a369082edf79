import { assumed } from "../assumptions.ts";
import { drawDelay } from "../draw-delay.ts";
import { keyOf, type Chart, type Reading } from "../chart.ts";
import { analytes } from "../analytes.ts";
import { rollDice, type Dice } from "../dice.ts";
import { DAY, HOUR, MINUTE } from "../london-time.ts";
import { conditionCodes } from "../pathway-codes.ts";
import type { Medicine } from "../pathway.ts";
import { pickOnDuty } from "../staff.ts";
import { orderTest } from "./order-test.ts";

/** Some have an underactive thyroid, and tablets for it: TSH is measured, and where it is raised again, or the dose changed. */
export function treatThyroid(chart: Chart): void {
  const { hospital, patient, encounters } = chart;
  const [encounter] = encounters;
  const dice = rollDice(hospital.options.seed, "thyroid", patient.id);
  const { tested, condition, treated } = assumed.thyroid.value;
  if (patient.isChild || !encounter || !dice.chance(tested)) return;
  if (dice.chance(condition)) {
    const at = hospital.start - dice.int(20 * 24, 2_000 * 24) * HOUR;
    chart.history.push({
      id: `${patient.id}-h-hypothyroidism`,
      name: "hypothyroidism",
      code: conditionCodes.hypothyroidism,
      type: "Condition",
      at,
    });
  }
  // Around the two years in which a prescription counts.
  if (dice.chance(treated)) prescribe(chart, hospital.start - dice.int(20 * 24, 830 * 24) * HOUR, undefined, 25 * dice.int(2, 5));
  const at = encounter.from + 7 * MINUTE;
  if (at >= hospital.now) return;
  const by = pickOnDuty(hospital, dice, encounter.team, "doctor", at);
  const collectedAt = at + Math.round(dice.between(0.2, 60) * 60) * MINUTE;
  const before = chart.results.length;
  const level = dice.chance(0.7) ? "abnormal" : "normal";
  orderTest(chart, { panel: "thyroid", at, priority: "routine", by, encounter, team: encounter.team, collectedAt, level });
  const raised = chart.results[before]?.versions.at(-1)?.readings.find(isRaised);
  if (raised) followUp(chart, dice, raised);
}

function isRaised({ analyte, values }: Reading): boolean {
  return analyte === analytes.tsh && (values.at(-1)?.value ?? 0) > (analytes.tsh.high ?? Infinity);
}

function followUp(chart: Chart, dice: Dice, { takenAt }: Reading): void {
  const { hospital, medicines } = chart;
  const delay = drawDelay(dice, assumed.investigated.value);
  if (delay === undefined || takenAt + DAY + delay >= hospital.now) return;
  // Half of the repeats come sooner than a day, and are none.
  const at = takenAt + (dice.chance(0.1) ? 2 * HOUR : DAY) + delay;
  const team = dice.pick(hospital.clinics);
  const by = pickOnDuty(hospital, dice, team, "doctor", at);
  const before = medicines.findLast(({ name }) => name === "levothyroxine");
  const what = dice.weigh(assumed.thyroidFollowed.value);
  const another = (before?.dose ?? 50) + 25;
  if (what === "repeat") {
    const collectedAt = at + dice.int(5, 600) * MINUTE;
    orderTest(chart, { panel: "thyroid", at, priority: "routine", by, encounter: undefined, team, collectedAt });
  } else if (what === "prescription") prescribe(chart, at, by, another);
  else if (what === "renewal") prescribe(chart, at, by, before?.dose ?? 50);
  else if (what === "change") before?.changes.push({ at, dose: another });
}

function prescribe(chart: Chart, at: number, by: Medicine["by"], dose: number): void {
  const key = keyOf(chart, "MedicationRequest", chart.medicines, "d");
  chart.medicines.push({ key, name: "levothyroxine", at, by, encounter: undefined, dose, changes: [], doses: [] });
}
