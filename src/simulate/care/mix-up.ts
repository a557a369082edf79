import { assumed } from "../assumptions.ts";
import { keyOf, type Chart, type Order } from "../chart.ts";
import { rollDice } from "../dice.ts";
import { HOUR, MINUTE, SECOND } from "../london-time.ts";
import { panels } from "../panels.ts";

/**
 * Somebody had the chart of whoever came before still open, ordered a test there, noticed, took it back, and ordered it for the
 * patient that it was meant for. A few take it back, or order it anew, only later, or order something else.
 */
export function mixUp(before: Chart, chart: Chart): void {
  const { hospital, patient } = chart;
  const dice = rollDice(hospital.options.seed, "mix-up", patient.id);
  const [arrival] = before.encounters;
  if (!dice.chance(assumed.wrongPatient.value.patients) || !arrival) return;
  const known = chart.orders.filter(({ at }) => at - HOUR > arrival.from && at < hospital.now);
  if (known.length === 0) return;
  const meant = dice.pick(known);
  const how = dice.weigh(assumed.wrongPatient.value.noticed);
  const minutes = (isSlow: boolean): number =>
    isSlow ? dice.int(11, 25) * MINUTE : dice.chance(0.2) ? 10 * MINUTE : dice.int(15, 600) * SECOND;
  const endedAt = meant.at - minutes(how === "ordered late");
  const at = endedAt - minutes(how === "revoked late");
  const code = how === "other test" && meant.code.code !== panels.thyroid.code.code ? panels.thyroid : meant;
  const wrong: Order = {
    key: keyOf(before, "ServiceRequest", before.orders, "o"),
    kind: code === meant ? meant.kind : "laboratory",
    title: code.title,
    code: code.code,
    at,
    priority: meant.priority,
    by: meant.by,
    encounter: undefined,
    ended: {
      at: endedAt,
      status: dice.chance(0.8) ? "revoked" : "entered-in-error",
      by: meant.by,
    },
  };
  before.orders.push(wrong);
}
