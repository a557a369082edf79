import { assumed } from "../assumptions.ts";
import { drawDelay } from "../draw-delay.ts";
import { keyOf, type Chart, type Result } from "../chart.ts";
import { dialectOf } from "../dialect.ts";
import { rollDice, type Dice } from "../dice.ts";
import { DAY, HOUR, MINUTE, type Instant } from "../london-time.ts";
import { chestXray, procedureCodes, referralCodes, suspicion } from "../pathway-codes.ts";
import { pickOnDuty } from "../staff.ts";
import { orderTest } from "./order-test.ts";

/** Radiologists call some pictures of the chest suspicious; most of these are looked into, and some of them too late. */
export function suspect(chart: Chart): void {
  const { seed, dialect } = chart.hospital.options;
  for (const result of chart.results.filter(({ code }) => code.code === chestXray.code)) {
    const dice = rollDice(seed, "suspicion", result.key);
    if (!dice.chance(assumed.suspicious.value.share)) continue;
    const saidAt = dialectOf[dialect].suspicions === "report" ? sayInReport(result, dice) : sayBeside(chart, result);
    if (saidAt !== undefined) followUp(chart, result, dice, saidAt);
  }
}

/** From the final version on; by an amendment alone; or until an amendment takes it back. */
function sayInReport({ versions }: Result, dice: Dice): Instant | undefined {
  const { later, takenBack } = assumed.suspicious.value;
  const final = versions.findIndex(({ status }) => status === "final");
  const amended = versions.findIndex(({ status }) => status === "amended" || status === "corrected");
  const when = dice.real();
  const from = amended >= 0 && when < later ? amended : final;
  const until = amended >= 0 && when >= 1 - takenBack ? amended : versions.length;
  versions.forEach((version, place) => {
    if (place >= from && place < until) versions[place] = { ...version, isSuspicious: true };
  });
  return versions[from]?.at;
}

/** As an Observation of its own, of the time at which the picture was taken. */
function sayBeside(chart: Chart, result: Result): Instant | undefined {
  const issuedAt = result.versions.find(({ status }) => status === "final")?.at;
  if (issuedAt === undefined) return undefined;
  const id = `${result.key.replace("DiagnosticReport/", "")}-f`;
  chart.findings.push({ id, result, code: chestXray, says: suspicion, at: result.collectedAt, issuedAt });
  return issuedAt;
}

function followUp(chart: Chart, result: Result, dice: Dice, saidAt: Instant): void {
  const { hospital } = chart;
  const delay = drawDelay(dice, assumed.suspicionFollowed.value);
  if (delay === undefined || saidAt + delay >= hospital.now) return;
  const at = saidAt + delay;
  const team = dice.pick(hospital.clinics);
  const by = pickOnDuty(hospital, dice, team, "doctor", at);
  const how = dice.weigh({ picture: 5, referral: 3, bronchoscopy: 2, lungBiopsy: 1 });
  if (how === "picture") {
    const collectedAt = at + Math.round(dice.between(0.3, 9 * 24) * 60) * MINUTE;
    const panel = dice.weigh({ chestCt: 3, chestXray: 1 });
    orderTest(chart, { panel, at, priority: "urgent", by, encounter: undefined, team, collectedAt });
    return;
  }
  const code = how === "referral" ? referralCodes.respiratory : procedureCodes[how];
  // Some are done without an order.
  const isOrdered = how === "referral" || dice.chance(0.6);
  if (isOrdered) {
    const key = keyOf(chart, "ServiceRequest", chart.orders, "o");
    const kind = how === "referral" ? "referral" : "procedure";
    chart.orders.push({ key, kind, title: code.display, code, at, priority: "urgent", by, encounter: undefined });
  }
  if (how === "referral") return;
  const doneAt = isOrdered ? at + dice.int(2, 20) * DAY : at + HOUR;
  chart.operations.push({ id: `${result.key.replace("DiagnosticReport/", "")}-y`, name: how, at: doneAt, by });
}
