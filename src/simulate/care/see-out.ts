import { assumed } from "../assumptions.ts";
import type { Chart, Encounter } from "../chart.ts";
import { rollDice } from "../dice.ts";
import { DAY, MINUTE } from "../london-time.ts";
import { orderTest } from "./order-test.ts";
import { pickOnDuty } from "../staff.ts";
import { askBack } from "./ask-back.ts";
import { refer, type Scene } from "./refer.ts";
import { writeLetter } from "./write-letter.ts";

/** What is arranged as a patient leaves: who else is to see them, and when they are to come again. */
export function seeOut(chart: Chart, encounter: Encounter): void {
  // Dice of its own: what is arranged moves nothing of what was done before.
  const dice = rollDice(chart.hospital.options.seed, "see-out", encounter.key);
  const scene = { chart, dice, encounter };
  const length = encounter.to - encounter.from;
  if (encounter.class === "AMB") lookForMore(scene);
  if (encounter.class !== "EMER") writeLetter(scene);
  if (dice.chance(assumed.referrals.value[encounter.class])) refer(scene, encounter.from + Math.round(length * dice.between(0.3, 1)));
  if (chart.patient.diedAt === undefined && dice.chance(assumed.followUps.value[encounter.class]))
    askBack(scene, encounter.to - dice.int(1, 4) * MINUTE);
}

const tests = ["fit", "bloodCount", "ferritin", "urineCells", "alphaFetoprotein"] as const;

/** Tests that a clinic sends people home with, for what may be hidden. */
function lookForMore({ chart, dice, encounter }: Scene): void {
  const { from, team } = encounter;
  const at = from + 6 * MINUTE;
  if (at >= chart.hospital.now) return;
  const by = pickOnDuty(chart.hospital, dice, team, "doctor", at);
  for (const panel of tests) {
    if (!dice.chance(assumed.redFlagTests.value[panel])) continue;
    const collectedAt = at + Math.round(dice.between(0.05, 6) * (DAY / MINUTE)) * MINUTE;
    orderTest(chart, { panel, at: at + dice.int(0, 60) * 1_000, priority: "routine", by, encounter, team, collectedAt });
  }
}
