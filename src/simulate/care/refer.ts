import { assumed } from "../assumptions.ts";
import { drawDelay } from "../draw-delay.ts";
import { keyOf, type Chart, type Encounter, type Order, type Priority, type Task } from "../chart.ts";
import type { Dice } from "../dice.ts";
import { DAY, HOUR, MINUTE, SECOND, type Instant } from "../london-time.ts";
import { pickOnDuty, type Person } from "../staff.ts";
import { bookVisit } from "./book-visit.ts";
import { endTask } from "./end-task.ts";

/** Where and of whom something is arranged, with dice of its own. */
export interface Scene {
  readonly chart: Chart;
  readonly dice: Dice;
  readonly encounter: Encounter;
}

const services = ["gastroenterology", "respiratory medicine", "endocrinology", "urology"] as const;

/** A doctor asks another service to see the patient. What comes of it is drawn once; what is sent back may be begun again. */
export function refer(scene: Scene, at: Instant): void {
  const { chart, dice, encounter } = scene;
  if (at >= chart.hospital.now) return;
  const by = pickOnDuty(chart.hospital, dice, encounter.team, "doctor", at);
  const priority: Priority = dice.weigh({ routine: 14, urgent: 4, asap: 1, stat: 1 });
  followReferral(scene, placeReferral(scene, at, by, priority, dice.pick(services)), dice.weigh(assumed.referralFate.value));
}

function placeReferral({ chart, encounter }: Scene, at: Instant, by: Person, priority: Priority, service: string, replaces?: Order): Order {
  const order: Order = {
    key: keyOf(chart, "ServiceRequest", chart.orders, "o"),
    kind: "referral",
    title: `Referral to ${service}`,
    code: { system: "http://snomed.info/sct", code: "3457005", display: "Patient referral" },
    at,
    priority,
    by,
    encounter,
    ...(replaces && { replaces }),
  };
  chart.orders.push(order);
  return order;
}

function followReferral(scene: Scene, order: Order, fate: keyof typeof assumed.referralFate.value): void {
  const { chart, dice } = scene;
  const delay = drawDelay(dice, assumed.referralTaken.value, order.priority === "routine" ? 1.6 : 1);
  if (delay === undefined || fate === "nothing") return;
  const at = order.at + delay;
  if (fate === "revoked" || fate === "entered-in-error") {
    order.ended = { at, status: fate, by: order.by };
    // Some were in somebody's in-tray by then; a visit that was booked is called off, with it or before.
    if (dice.chance(0.5)) giveReferral(scene, order);
    if (dice.chance(0.6))
      bookVisit(scene, order, order.at + HOUR, { at: fate === "revoked" ? at + 20 * SECOND : at - HOUR, status: "cancelled" });
  } else if (fate === "answered") {
    order.ended = { at, status: "completed", by: clinician(scene, at) };
  } else if (fate === "booked") {
    const visit = bookVisit(scene, order, at);
    if (visit.ended !== undefined && visit.ended.status !== "fulfilled") beginAgain(scene, order, visit.ended.at);
  } else {
    const task = giveReferral(scene, order);
    if (fate === "taken-on") {
      task.accepted = at;
      if (dice.chance(0.6)) endTask(chart, task, at + dice.int(1, 20) * DAY, "completed", task.owner);
      if (dice.chance(0.5)) bookVisit(scene, order, at + dice.int(1, 60) * HOUR);
    } else {
      endTask(chart, task, at, "rejected", task.owner);
      beginAgain(scene, order, at);
    }
  }
}

/** The service's own in-tray. */
function giveReferral(scene: Scene, order: Order): Task {
  const { chart, dice, encounter } = scene;
  const at = order.at + dice.int(1, 20) * MINUTE + SECOND;
  const task: Task = {
    key: keyOf(chart, "Task", chart.tasks, "t"),
    title: order.title,
    code: { system: "http://hl7.org/fhir/CodeSystem/task-code", code: "fulfill", display: "Fulfill the focal request" },
    at,
    priority: order.priority,
    owner: clinician(scene, at),
    requester: dice.chance(0.5) ? "machine" : order.by,
    encounter,
    order: { order, in: dice.pick(["focus", "basedOn"] as const) },
    dues: [],
    handedOn: [],
  };
  chart.tasks.push(task);
  return task;
}

/** After a visit that did not take place, or a referral sent back: booked anew, referred anew, given to another, or called off. */
function beginAgain(scene: Scene, order: Order, bouncedAt: Instant): void {
  const { chart, dice } = scene;
  const delay = drawDelay(dice, assumed.begunAgain.value);
  if (delay === undefined || bouncedAt + delay >= chart.hospital.now) return;
  const at = bouncedAt + delay;
  const what = dice.weigh({ visit: 5, order: 3, task: 2, revoked: 1 });
  if (what === "visit") bookVisit(scene, order, at);
  else if (what === "task") giveReferral(scene, { ...order, at });
  else if (what === "revoked") order.ended = { at, status: "revoked", by: order.by };
  else {
    const again = placeReferral(scene, at, clinician(scene, at), order.priority, order.title.replace("Referral to ", ""), order);
    followReferral(scene, again, dice.weigh({ booked: 6, "taken-on": 2, nothing: 2 }));
  }
}

function clinician({ chart, dice }: Scene, at: Instant): Person {
  return pickOnDuty(chart.hospital, dice, dice.pick(chart.hospital.clinics), "doctor", at);
}
