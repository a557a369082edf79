import { assumed } from "../assumptions.ts";
import { drawDelay } from "../draw-delay.ts";
import { keyOf, type Chart, type Encounter, type Priority, type Task } from "../chart.ts";
import { DAY, HOUR, MINUTE, SECOND, atHour, hourOf, type Instant } from "../london-time.ts";
import { onDuty, pickOnDuty } from "../staff.ts";
import { endTask } from "./end-task.ts";
import { orderTest } from "./order-test.ts";

/** The days of a stay on a ward: the morning round with its bloods, orders through the day, jobs, and whoever opens the chart. */
export function workOnWard(chart: Chart, encounter: Encounter): void {
  const { now } = chart.hospital;
  const end = Math.min(encounter.to, now);
  for (let day = encounter.from; atHour(day, 0) < end; day += DAY) {
    orderBloods(chart, encounter, day);
    orderImaging(chart, encounter, day);
    giveJobs(chart, encounter, day);
  }
}

const wardPanels = {
  renal: 36,
  bloodCount: 26,
  crp: 18,
  liver: 8,
  bone: 8,
  glucose: 5,
  clotting: 4,
  bloodCulture: 4,
  urineCulture: 3,
  ck: 1,
};

/** Ordered on the evening before or on the round, collected by the phlebotomists from seven to half past eight; some in between. */
function orderBloods(chart: Chart, encounter: Encounter, day: Instant): void {
  const { dice, hospital } = chart;
  for (let left = countOf(chart, assumed.panelsADay.value); left > 0; left -= 1) {
    const isRound = dice.chance(0.65);
    const collectedAt = isRound ? atHour(day, dice.between(7, 8.5)) : atHour(day, dice.between(9, 23));
    const at = isRound ? atHour(day, dice.between(17, 21), -1) : collectedAt - dice.int(10, 90) * MINUTE;
    if (at < encounter.from || collectedAt >= encounter.to || at >= hospital.now) continue;
    const priority: Priority = isRound ? "routine" : dice.weigh({ stat: 2, urgent: 6, routine: 2, asap: 1 });
    const by = pickOnDuty(hospital, dice, encounter.team, "doctor", at);
    orderTest(chart, { panel: dice.weigh(wardPanels), at, priority, by, encounter, team: encounter.team, collectedAt });
  }
}

function orderImaging(chart: Chart, encounter: Encounter, day: Instant): void {
  const { dice, hospital } = chart;
  if (!dice.chance(assumed.imagingADay.value)) return;
  const at = atHour(day, dice.between(8.5, 19));
  if (at < encounter.from || at >= Math.min(encounter.to, hospital.now)) return;
  const priority: Priority = dice.weigh({ urgent: 5, routine: 4, stat: 1 });
  const by = pickOnDuty(hospital, dice, encounter.team, "doctor", at);
  const collectedAt = at + Math.round(dice.between(1, priority === "routine" ? 36 : 10) * 60) * MINUTE;
  orderTest(chart, {
    panel: dice.weigh({ chestXray: 5, ct: 3, ultrasound: 2 }),
    at,
    priority,
    by,
    encounter,
    team: encounter.team,
    collectedAt,
  });
}

const jobs = [
  "Cannula",
  "Prescribe fluids",
  "Family discussion",
  "Medicines reconciliation",
  "Chase old notes",
  "Discharge planning",
  "Bladder scan",
];

function giveJobs(chart: Chart, encounter: Encounter, day: Instant): void {
  for (let left = countOf(chart, assumed.tasksADay.value); left > 0; left -= 1) {
    const at = atHour(day, chart.dice.chance(0.8) ? chart.dice.between(8, 20) : chart.dice.between(0, 24)) + chart.dice.int(0, 59) * SECOND;
    if (at >= encounter.from && at < Math.min(encounter.to, chart.hospital.now)) giveJob(chart, encounter, at);
  }
}

/** A job for a doctor or nurse of the team, with a due time where the EPR asks for one, that some move, refuse or call off. */
function giveJob(chart: Chart, encounter: Encounter, at: Instant): Task {
  const { dice, hospital } = chart;
  const priority = dice.weigh({ routine: 4, urgent: 3, asap: 2, stat: 1 });
  const kind = dice.chance(0.5) ? "doctor" : "nurse";
  const owner = pickOnDuty(hospital, dice, encounter.team, kind, at);
  const requester = pickOnDuty(hospital, dice, encounter.team, dice.chance(0.6) ? "nurse" : "doctor", at);
  const slow = { stat: 0.2, asap: 0.6, urgent: 1, routine: 5 }[priority];
  const task: Task = {
    key: keyOf(chart, "Task", chart.tasks, "t"),
    title: dice.pick(jobs),
    code: undefined,
    at,
    priority: dice.chance(0.85) ? priority : undefined,
    owner,
    requester,
    encounter,
    dues: [{ at, due: dice.chance(0.3) ? at + Math.round(dice.between(2, 72) * slow) * HOUR : undefined }],
    handedOn: [],
  };
  const delay = drawDelay(dice, assumed.taskDone.value, slow);
  const endsAt = delay === undefined ? undefined : at + delay;
  const firstDue = task.dues[0]?.due;
  // What is due at once has no time to be moved.
  if (firstDue !== undefined && dice.chance(0.15) && firstDue > at) {
    const movedAt = at + Math.round(dice.between(0.1, 1.2) * (firstDue - at));
    if (endsAt === undefined || movedAt < endsAt) task.dues.push({ at: movedAt, due: firstDue + dice.int(2, 48) * HOUR });
  }
  if (endsAt !== undefined) {
    if (endsAt - at > 20 * MINUTE && dice.chance(0.4)) task.accepted = at + Math.round(dice.between(0.1, 0.8) * (endsAt - at));
    const status = dice.weigh({ completed: 90, cancelled: 5, rejected: 3, failed: 1, "entered-in-error": 1 });
    const by = hourOf(endsAt) > 0 && dice.chance(0.9) ? owner : pickOnDuty(hospital, dice, encounter.team, kind, endsAt);
    endTask(chart, task, endsAt, status, by);
  }
  if (priority === "routine" && dice.chance(assumed.handedOn.value)) handOn(chart, encounter, task);
  chart.tasks.push(task);
  return task;
}

/** From shift to shift and desk to desk, three times: whoever has it last ends it, if anybody does. */
function handOn(chart: Chart, encounter: Encounter, task: Task): void {
  const { dice, hospital } = chart;
  const week = dice.chance(0.7) ? 6 * DAY : 14 * DAY;
  let owner = task.owner;
  for (let times = 1; times <= 3; times += 1) {
    const at = task.at + Math.round((times / 3) * dice.between(0.9, 1) * (week / SECOND)) * SECOND;
    const others = onDuty(hospital, encounter.team, "nurse", at).filter(({ key }) => key !== owner.key);
    owner = dice.pick(others);
    task.handedOn.push({ at, to: owner });
  }
  delete task.accepted;
  delete task.ended;
  const last = task.handedOn.at(-1)?.at ?? task.at;
  if (dice.chance(0.7)) endTask(chart, task, last + dice.int(10, 3_000) * MINUTE, "completed", owner);
}

/** A whole number whose mean is `mean`: none to four. */
function countOf({ dice }: Chart, mean: number): number {
  let count = 0;
  for (let tries = 0; tries < 4; tries += 1) if (dice.chance(mean / 4)) count += 1;
  return count;
}
