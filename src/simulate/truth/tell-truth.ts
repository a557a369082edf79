import type { Chart } from "../chart.ts";
import type { Instant } from "../london-time.ts";
import { criticalUncommunicated } from "./critical-uncommunicated.ts";
import { tell, type Expectation, type TruthLoop } from "./loop.ts";
import { orderUnresulted } from "./order-unresulted.ts";
import { resultNoAction } from "./result-no-action.ts";
import { resultUnacknowledged } from "./result-unacknowledged.ts";
import { taskOverdue } from "./task-overdue.ts";

/** Written from design.md and signals.md alone, over what the simulator's staff did: nothing here has seen a FHIR record. */
const signals: Readonly<Record<string, (chart: Chart, now: Instant) => Expectation[]>> = {
  "result-unacknowledged": resultUnacknowledged,
  "critical-uncommunicated": criticalUncommunicated,
  "result-no-action": resultNoAction,
  "order-unresulted": orderUnresulted,
  "task-overdue": taskOverdue,
};

/** The ids of the signals that the truth can tell of. */
export const toldSignals: readonly string[] = Object.keys(signals);

/** Every loop of one patient, at the end of the simulated time. */
export function tellTruth(chart: Chart): TruthLoop[] {
  const { now } = chart.hospital;
  return Object.values(signals).flatMap((signal) => signal(chart, now).map((expected) => tell(expected, chart.patient.key, now)));
}
