import { assumed } from "../assumptions.ts";
import type { Chart, Encounter } from "../chart.ts";
import { rollDice } from "../dice.ts";
import { MINUTE } from "../london-time.ts";
import { askBack } from "./ask-back.ts";
import { refer } from "./refer.ts";
import { writeLetter } from "./write-letter.ts";

/** What is arranged as a patient leaves: who else is to see them, and when they are to come again. */
export function seeOut(chart: Chart, encounter: Encounter): void {
  // Dice of its own: what is arranged moves nothing of what was done before.
  const dice = rollDice(chart.hospital.options.seed, "see-out", encounter.key);
  const scene = { chart, dice, encounter };
  const length = encounter.to - encounter.from;
  if (encounter.class !== "EMER") writeLetter(scene);
  if (dice.chance(assumed.referrals.value[encounter.class])) refer(scene, encounter.from + Math.round(length * dice.between(0.3, 1)));
  if (chart.patient.diedAt === undefined && dice.chance(assumed.followUps.value[encounter.class]))
    askBack(scene, encounter.to - dice.int(1, 4) * MINUTE);
}
