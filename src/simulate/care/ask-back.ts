import { assumed } from "../assumptions.ts";
import { keyOf, type Order } from "../chart.ts";
import { DAY, HOUR, MINUTE, atHour, type Instant } from "../london-time.ts";
import { pickOnDuty } from "../staff.ts";
import { bookVisit } from "./book-visit.ts";
import type { Scene } from "./refer.ts";

/** The patient is to be seen again by a date: an order that a clerk books in time, or later, or never. */
export function askBack(scene: Scene, at: Instant): void {
  const { chart, dice, encounter } = scene;
  if (at >= chart.hospital.now) return;
  const by = pickOnDuty(chart.hospital, dice, encounter.team, "doctor", at);
  const days = dice.chance(0.5) ? dice.int(5, 20) : dice.int(21, 90);
  const as = dice.weigh({ day: 6, days: 2, instant: 1, none: 1 });
  const until = as === "instant" ? at + days * DAY : atHour(at, 0, days);
  const order: Order = {
    key: keyOf(chart, "ServiceRequest", chart.orders, "o"),
    kind: "follow-up",
    title: "Outpatient follow-up",
    code: { system: "http://snomed.info/sct", code: "390906007", display: "Follow-up encounter" },
    at,
    priority: "routine",
    by,
    encounter,
    ...(as !== "none" && { intended: { until, as } }),
  };
  chart.orders.push(order);
  const fate = dice.weigh(assumed.followUpBooked.value);
  const within = until - at;
  const step = (share: number): Instant => at + Math.max(2 * HOUR, Math.round((within * share) / MINUTE) * MINUTE);
  if (fate === "early") bookVisit(scene, order, step(dice.between(0.02, 0.9)));
  // The next morning is late, to the minute.
  else if (fate === "late") bookVisit(scene, order, until + (dice.chance(0.3) ? MINUTE : dice.int(9, 300) * HOUR));
  else if (fate === "revoked") order.ended = { at: step(dice.between(0.1, 1.2)), status: "revoked", by };
}
