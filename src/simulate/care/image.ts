import { assumed } from "../assumptions.ts";
import type { Chart, Order } from "../chart.ts";
import { rollDice } from "../dice.ts";
import { radiology } from "../hospital.ts";
import { MINUTE, type Instant } from "../london-time.ts";
import { pickOnDuty } from "../staff.ts";

/** Takes the images of an order, once or with a view more. Whether anybody will report them: some films are read on the spot, and that was it. */
export function image(chart: Chart, order: Order, at: Instant): { readonly isReported: boolean } {
  // Dice of its own: whether images were taken moves nothing else.
  const dice = rollDice(chart.hospital.options.seed, "images", order.key);
  const views = dice.chance(0.05) ? [at, at + dice.int(1, 9) * MINUTE] : [at];
  for (const [place, taken] of views.entries()) {
    const by = pickOnDuty(chart.hospital, dice, radiology, "radiologist", taken);
    chart.studies.push({ id: `${order.key.replace("ServiceRequest/", "")}-i${place + 1}`, at: taken, order, by });
  }
  return { isReported: !dice.chance(assumed.imagingUnreported.value) };
}
