import type { Chart } from "../chart.ts";
import { giveMedicines } from "./give-medicines.ts";
import { suspect } from "./suspect.ts";
import { treatThyroid } from "./treat-thyroid.ts";

/** What comes of it all after everything else has been thrown for a patient: nothing of that is moved by it. */
export function goOn(chart: Chart): void {
  suspect(chart);
  treatThyroid(chart);
  for (const encounter of [...chart.encounters]) giveMedicines(chart, encounter);
}
