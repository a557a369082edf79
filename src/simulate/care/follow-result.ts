import { assumed } from "../assumptions.ts";
import { drawDelay } from "../draw-delay.ts";
import { keyOf, type Chart, type Level, type Result, type Task } from "../chart.ts";
import { DAY, HOUR, MINUTE, SECOND, atHour, hourOf, isWeekend, nextWorkday, type Instant } from "../london-time.ts";
import { pickOnDuty, type Person } from "../staff.ts";
import { endTask } from "./end-task.ts";
import { noteLook } from "./note-look.ts";
import type { Dice } from "../dice.ts";
import { acknowledgedBy } from "../dialect.ts";
import { actOn } from "./act-on.ts";
import { callAbout } from "./call-about.ts";
import { newestLevel } from "../newest-level.ts";

/** What people do with each version of a result: look, telephone, acknowledge, act. */
export function followResult(chart: Chart, result: Result, depth: number): void {
  result.versions.forEach((version, place) => {
    const { status, at } = version;
    if (status === "cancelled" || status === "entered-in-error" || at >= chart.hospital.now) return;
    const level = newestLevel(version, at);
    if (status === "preliminary" && level !== "critical") return;
    if (level === "critical") callAbout(chart, result, at);
    lookInPassing(chart, result, at);
    // Of an addendum that changes nothing urgent, some take no notice again.
    const isAgain = place > 0;
    const done = isAgain && chart.dice.chance(0.3) ? undefined : acknowledge(chart, result, level, at);
    const { acknowledged, unacknowledged } = assumed.notActedOn.value;
    if (status === "preliminary" || level === "normal" || level === "not-said") return;
    if (!chart.dice.chance(done ? acknowledged : unacknowledged)) actOn(chart, result, level, done, at, depth);
  });
}

/** Nurses, and doctors on their rounds, open what is new without dealing with it. */
function lookInPassing(chart: Chart, result: Result, issuedAt: Instant): void {
  const { dice, hospital } = chart;
  const looks = dice.int(0, 3);
  for (let look = 0; look < looks; look += 1) {
    const at = issuedAt + dice.int(2, 20 * 60) * MINUTE + dice.int(0, 59) * SECOND;
    const by = pickOnDuty(hospital, dice, result.team, dice.chance(0.5) ? "nurse" : "doctor", at);
    const of = dice.weigh({ report: 5, observation: 3, search: 2 });
    const isOfReading = of === "observation" && (result.versions[0]?.readings.length ?? 0) > 0;
    noteLook(chart, { at, by, of: isOfReading ? "observation" : of === "search" ? "search" : "report", result, failed: dice.chance(0.02) });
  }
}

function acknowledge(chart: Chart, result: Result, level: Level, issuedAt: Instant): { at: Instant; by: Person } | undefined {
  const { dice, hospital } = chart;
  const via = acknowledgedBy(hospital.options.dialect, dice, level);
  const review = via === "task" ? askForReview(chart, result, level, issuedAt) : undefined;
  const at = whenAcknowledged(chart, result, level, issuedAt);
  if (at === undefined) return undefined;
  const by = pickOnDuty(hospital, dice, result.team, "doctor", at);
  if (!dice.chance(assumed.acknowledgedUnviewed.value)) {
    const usual = assumed.viewToAcknowledge.value[result.kind];
    const lookAt = at - Math.max(5 * SECOND, Math.round((usual * dice.between(0.1, 2)) / SECOND) * SECOND);
    if (lookAt > issuedAt) noteLook(chart, { at: lookAt, by, of: "report", result });
  }
  result.acknowledgements.push({ at, by, via, ...(review && { task: review }) });
  if (review !== undefined) endTask(chart, review, at, "completed", by);
  return { at, by };
}

/** The EPR puts the result into the in-tray of a doctor of the team, as a Task. */
function askForReview(chart: Chart, result: Result, level: Level, issuedAt: Instant): Task {
  const { dice, hospital } = chart;
  const owner = pickOnDuty(hospital, dice, result.team, "doctor", issuedAt);
  const at = issuedAt + dice.int(1, 20) * SECOND;
  const task: Task = {
    key: keyOf(chart, "Task", chart.tasks, "t"),
    title: `Review: ${result.title}`,
    code: { system: "http://hl7.org/fhir/CodeSystem/task-code", code: "approve", display: "Activate/approve the focal resource" },
    at,
    priority: level === "critical" ? "stat" : dice.chance(0.4) ? "routine" : undefined,
    owner,
    requester: "machine",
    encounter: result.encounter,
    about: { result, as: "review" },
    dues: [],
    handedOn: [],
  };
  chart.tasks.push(task);
  return task;
}

/** Nobody sits in a clinic by night or at the weekend. */
function inClinicHours(dice: Dice, at: Instant): Instant {
  const hour = hourOf(at);
  if (hour >= 8 && hour < 18 && !isWeekend(at)) return at;
  return atHour(nextWorkday(hour >= 18 ? at + DAY : at), 8.5 + dice.between(0, 4)) + dice.int(0, 59) * SECOND;
}

/** By night most results wait for the morning round; critical ones do not. */
function whenAcknowledged({ dice }: Chart, result: Result, level: Level, issuedAt: Instant): Instant | undefined {
  const delays =
    level === "critical"
      ? assumed.criticalAcknowledged.value
      : result.kind === "imaging"
        ? assumed.imagingAcknowledged.value
        : assumed.laboratoryAcknowledged.value;
  const delay = drawDelay(dice, delays);
  if (delay === undefined) return undefined;
  const at = issuedAt + delay;
  if (result.team.specialty === "clinic" && level !== "critical") return inClinicHours(dice, at);
  const hour = hourOf(at);
  const isNight = hour < 7 || hour >= 22;
  if (level === "critical" || !isNight || dice.chance(0.4) || delay < HOUR) return at;
  return atHour(at, 8 + dice.between(0, 2.5), hour >= 22 ? 1 : 0) + dice.int(0, 59) * SECOND;
}
