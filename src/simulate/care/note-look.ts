import type { Chart, Look } from "../chart.ts";
import { dialectOf } from "../dialect.ts";

/** Somebody opened something; where the EPR keeps no audit trail, nobody will ever know. */
export function noteLook(chart: Chart, look: Look): void {
  if (dialectOf[chart.hospital.options.dialect].audit !== "none") chart.looks.push(look);
}
