import { assumed } from "../assumptions.ts";
import type { Chart, Encounter, Look } from "../chart.ts";
import { DAY, SECOND, hourOf } from "../london-time.ts";
import { pickOnDuty } from "../staff.ts";
import { noteLook } from "./note-look.ts";

const opened: Readonly<Record<Look["of"], number>> = { chart: 40, other: 48, search: 12, report: 0, observation: 0 };

/** What most of an audit trail is: people at work who open charts and lists. By night a third as much. */
export function openCharts(chart: Chart, encounter: Encounter): void {
  const { dice, hospital } = chart;
  const end = Math.min(encounter.to, hospital.now);
  const aDay = hospital.options.auditEvents * assumed.clinicianToBeds.value;
  let left = Math.round(((end - encounter.from) / DAY) * aDay);
  while (left > 0) {
    const at = encounter.from + Math.floor((dice.real() * (end - encounter.from)) / SECOND) * SECOND;
    const hour = hourOf(at);
    if ((hour < 7 || hour >= 21) && dice.chance(0.67)) continue;
    left -= 1;
    const by = pickOnDuty(hospital, dice, encounter.team, dice.chance(0.55) ? "nurse" : "doctor", at);
    noteLook(chart, { at, by, of: dice.weigh(opened), ...(dice.chance(0.01) && { failed: true }) });
  }
}
