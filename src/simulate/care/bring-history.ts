import { assumed } from "../assumptions.ts";
import type { Patient } from "../chart.ts";
import { rollDice } from "../dice.ts";
import type { Hospital } from "../hospital.ts";
import { DAY } from "../london-time.ts";
import { conditionCodes, procedureCodes } from "../pathway-codes.ts";
import type { History } from "../pathway.ts";

/** What a patient had before they came, as the EPR knows it: what excuses from a colonoscopy, mostly. */
export function bringHistory(hospital: Hospital, patient: Patient): History[] {
  const dice = rollDice(hospital.options.seed, "history", patient.id);
  if (patient.isChild) return [];
  const had = (name: History["name"], leastDays: number, mostDays: number): History => ({
    id: `${patient.id}-h-${name}`,
    name,
    code:
      name in conditionCodes ? conditionCodes[name as keyof typeof conditionCodes] : procedureCodes[name as keyof typeof procedureCodes],
    type: name in conditionCodes ? "Condition" : "Procedure",
    at: hospital.start - dice.int(leastDays * 24, mostDays * 24) * (DAY / 24),
  });
  const shares = assumed.history.value;
  return [
    // Around the three and the five years that excuse.
    ...(dice.chance(shares.colonoscopy) ? [had("colonoscopy", 600, 2_400)] : []),
    ...(dice.chance(shares.colorectalCancer) ? [had("colorectalCancer", 100, 3_000)] : []),
    ...(dice.chance(shares.totalColectomy) ? [had("totalColectomy", 100, 3_000)] : []),
    ...(dice.chance(shares.thalassaemia) ? [had("thalassaemia", 1_000, 6_000)] : []),
    ...(patient.gender === "female" && dice.chance(shares.pregnancy) ? [had("pregnancy", 200, 500)] : []),
    ...(dice.chance(shares.hospice) ? [had("hospice", 1, 60)] : []),
    ...(dice.chance(shares.urologicalCancer) ? [had("urologicalCancer", 100, 3_000)] : []),
    ...(dice.chance(shares.liverCancer) ? [had("liverCancer", 100, 3_000)] : []),
    ...(dice.chance(shares.lungCancer) ? [had("lungCancer", 100, 3_000)] : []),
    ...(dice.chance(shares.tuberculosis) ? [had("tuberculosis", 100, 6_000)] : []),
  ];
}
