import { assumed } from "../assumptions.ts";
import { keyOf, type Chart, type Encounter } from "../chart.ts";
import { rollDice, type Dice } from "../dice.ts";
import { HOUR, MINUTE, SECOND } from "../london-time.ts";
import type { Score } from "../pathway.ts";
import { pickOnDuty } from "../staff.ts";

/** NEWS2: no part of it has these points. */
const possible: readonly (readonly number[])[] = [
  [0, 1, 2, 3],
  [0, 1, 2, 3],
  [0, 2],
  [0, 1, 2, 3],
  [0, 1, 2, 3],
  [0, 3],
  [0, 1, 2, 3],
];

/** Adults on a ward are observed as often as their last score asks for, near enough; some sets come late, and some not at all. */
export function takeScores(chart: Chart, encounter: Encounter): void {
  const { hospital, patient, scores } = chart;
  if (patient.isChild) return;
  const dice = rollDice(hospital.options.seed, "scores", encounter.key);
  const end = Math.min(encounter.to, hospital.now);
  let illness = dice.between(0, 0.5);
  let at = encounter.from + dice.int(1, 45) * MINUTE;
  while (at < end) {
    illness = Math.min(1, Math.max(0, illness + dice.between(-0.16, 0.14)));
    const parts = possible.map((points) => (dice.chance(illness * 0.45) ? dice.pick(points) : 0));
    const by = pickOnDuty(hospital, dice, encounter.team, "nurse", at);
    const isError = dice.chance(0.01);
    const score: Score = { key: keyOf(chart, "Observation", scores, "n"), at, by, encounter, parts, isError };
    scores.push(score);
    // Put right at once.
    const wait = isError ? 3 * MINUTE : intervalOf(parts) * punctuality(dice);
    at += Math.max(MINUTE, Math.round(wait / SECOND) * SECOND);
  }
}

function intervalOf(parts: readonly number[]): number {
  const total = parts.reduce((sum, points) => sum + points, 0);
  if (total >= 7) return HOUR / 2;
  if (total >= 5 || parts.some((points) => points >= 3)) return HOUR;
  return (total >= 1 ? 6 : 12) * HOUR;
}

function punctuality(dice: Dice): number {
  const when = dice.weigh(assumed.scoresTaken.value);
  return { timely: dice.between(0.6, 1.3), late: dice.between(1.34, 1.66), missed: dice.between(1.68, 3) }[when];
}
