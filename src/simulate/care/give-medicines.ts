import { assumed } from "../assumptions.ts";
import { keyOf, type Chart, type Encounter } from "../chart.ts";
import { rollDice, type Dice } from "../dice.ts";
import { dosesOf } from "../doses-of.ts";
import { DAY, HOUR, MINUTE, SECOND, type Instant } from "../london-time.ts";
import type { Medicine, Times } from "../pathway.ts";
import { pickOnDuty } from "../staff.ts";

type Drawn = Pick<Medicine, "name" | "dose"> & { readonly times: Times };

/** A medicine that says when it is to be given, and nurses who give it: on time, too late, or not at all. At home nobody writes it down. */
export function giveMedicines(chart: Chart, encounter: Encounter): void {
  const { hospital } = chart;
  const dice = rollDice(hospital.options.seed, "medicines", encounter.key);
  const length = encounter.to - encounter.from;
  if (!dice.chance(assumed.medicines.value[encounter.class]) || length < 40 * MINUTE) return;
  const at = encounter.from + Math.round(dice.between(0.05, 0.4) * Math.min(length, DAY) * (1 / SECOND)) * SECOND;
  if (at >= hospital.now) return;
  const medicine: Medicine = {
    key: keyOf(chart, "MedicationRequest", chart.medicines, "d"),
    ...drawMedicine(dice, encounter, at),
    at,
    by: pickOnDuty(hospital, dice, encounter.team, "doctor", at),
    encounter,
    changes: [],
    doses: [],
  };
  const ended = encounter.class === "IMP" ? drawEnd(dice, encounter, at) : undefined;
  if (ended !== undefined) medicine.ended = ended;
  chart.medicines.push(medicine);
  if (encounter.class !== "AMB") giveDoses(medicine, dice, Math.min(encounter.to, hospital.now));
}

function drawMedicine(dice: Dice, encounter: Encounter, at: Instant): Drawn {
  if (encounter.class === "EMER")
    return { name: dice.pick(["gentamicin", "meropenem"] as const), dose: 400, times: { once: at + 10 * MINUTE } };
  if (encounter.class === "AMB") return { name: "warfarin", dose: 3, times: { at: ["18:00"] } };
  const from = at + dice.int(10, 120) * MINUTE;
  const course = dice.chance(0.3) ? { until: from + dice.int(1, 4) * DAY + HOUR } : {};
  const name = dice.weigh({ meropenem: 3, heparin: 3, levodopa: 2, insulin: 2, paracetamol: 2 });
  return {
    meropenem: { name: "meropenem", dose: 1_000, times: { everyHours: 8, from, ...course } } as const,
    heparin: { name: "heparin", dose: 5_000, times: { at: ["08:00", "20:00"] } } as const,
    levodopa: { name: "levodopa", dose: 100, times: { at: ["07:00", "11:00", "15:00", "19:00"] } } as const,
    insulin: { name: "insulin", dose: 8, times: { at: ["08:00", "12:00", "18:00"] } } as const,
    paracetamol: { name: "paracetamol", dose: 1_000, times: { everyHours: 6, from } } as const,
  }[name];
}

/** Stopped on a round, finished as the patient leaves, written for the wrong patient, or left as it is. */
function drawEnd(dice: Dice, { to }: Encounter, at: Instant): Medicine["ended"] {
  const status = dice.weigh({ stopped: 30, completed: 40, "entered-in-error": 3, left: 27 });
  if (status === "left") return undefined;
  const during = at + Math.round(((to - at) * dice.between(0.2, 1)) / SECOND) * SECOND;
  return { at: status === "completed" ? to : during, status };
}

function giveDoses(medicine: Medicine, dice: Dice, end: Instant): void {
  const last = Math.min(end, medicine.ended?.at ?? Infinity);
  for (const due of dosesOf(medicine, last)) {
    const how = dice.weigh(assumed.doses.value);
    const minutes = {
      timely: dice.int(-45, 55),
      early: dice.int(-110, -61),
      late: dice.int(61, 300),
      omitted: dice.int(0, 50),
      never: 0,
    }[how];
    // To the minute on either side, now and then.
    const exact = how === "timely" && dice.chance(0.05) ? dice.pick([-60, 60]) : minutes;
    const at = due + exact * MINUTE;
    if (how !== "never" && at > medicine.at && at < last) medicine.doses.push({ at, isGiven: how !== "omitted" });
  }
}
