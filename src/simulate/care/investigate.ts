import { assumed } from "../assumptions.ts";
import { drawDelay } from "../draw-delay.ts";
import { keyOf, type Chart, type Order, type Reading, type Result } from "../chart.ts";
import { rollDice } from "../dice.ts";
import { DAY, HOUR } from "../london-time.ts";
import { procedureCodes, referralCodes } from "../pathway-codes.ts";
import type { Operation } from "../pathway.ts";
import { pickOnDuty } from "../staff.ts";

type Means = { readonly procedure: Operation["name"]; readonly referral?: keyof typeof referralCodes };
const means: Readonly<Record<string, Means>> = {
  "58453-2": { procedure: "colonoscopy" },
  "718-7": { procedure: "colonoscopy" },
  "13945-1": { procedure: "cystoscopy", referral: "urology" },
  "1834-1": { procedure: "liverScan", referral: "hepatology" },
};

/** A red flag asks for a look inside: asked for by an order or a referral, or simply done; by most, and by some too late. */
export function investigate(chart: Chart, result: Result): void {
  const alarming = result.versions.at(-1)?.readings.find(isAlarming);
  const asked = alarming && means[alarming.analyte.code.code];
  if (!alarming || !asked) return;
  const { hospital } = chart;
  const dice = rollDice(hospital.options.seed, "investigate", result.key);
  const delay = drawDelay(dice, assumed.investigated.value);
  if (delay === undefined) return;
  const at = alarming.takenAt + 2 * HOUR + delay;
  const by = pickOnDuty(hospital, dice, dice.pick(hospital.clinics), "doctor", at);
  const how = dice.weigh({ order: 3, referral: asked.referral ? 3 : 0, done: 3 });
  if (how === "done") {
    chart.operations.push({ id: `${result.key.replace("DiagnosticReport/", "")}-x`, name: asked.procedure, at, by });
    return;
  }
  const code = how === "referral" && asked.referral ? referralCodes[asked.referral] : procedureCodes[asked.procedure];
  const order: Order = {
    key: keyOf(chart, "ServiceRequest", chart.orders, "o"),
    kind: how === "referral" ? "referral" : "procedure",
    title: code.display,
    code,
    at,
    priority: "urgent",
    by,
    encounter: undefined,
  };
  chart.orders.push(order);
  if (dice.chance(0.7))
    chart.operations.push({
      id: `${result.key.replace("DiagnosticReport/", "")}-x`,
      name: asked.procedure,
      at: at + dice.int(3, 40) * DAY,
      by,
    });
}

function isAlarming({ analyte, values }: Reading): boolean {
  const value = values.at(-1)?.value;
  if (value === undefined) return false;
  const least: Readonly<Record<string, number>> = { "58453-2": 10, "13945-1": 51, "1834-1": 8 };
  const low: Readonly<Record<string, number>> = { "718-7": 110 };
  const code = analyte.code.code;
  return value >= (least[code] ?? Infinity) || value <= (low[code] ?? -Infinity);
}
