import { keyOf, type Chart, type Level, type Result, type Task } from "../chart.ts";
import { DAY, HOUR, MINUTE, SECOND, type Instant } from "../london-time.ts";
import type { PanelName } from "../panels.ts";
import { pickOnDuty, type Person } from "../staff.ts";
import { endTask } from "./end-task.ts";
import { noteLook } from "./note-look.ts";
import { orderTest } from "./order-test.ts";

const treatments = ["Sando-K 2 tablets", "Furosemide 40 mg", "Co-amoxiclav 1.2 g", "Ferrous fumarate 210 mg", "Insulin sliding scale"];
const deepest = 2;

/** A repeat test, a prescription, a job for a colleague: soon after it was dealt with, or by somebody who saw it in passing. */
export function actOn(
  chart: Chart,
  result: Result,
  level: Level,
  done: { readonly at: Instant; readonly by: Person } | undefined,
  issuedAt: Instant,
  depth: number,
): void {
  const { dice, hospital } = chart;
  const seen = done ?? seeInPassing(chart, result, issuedAt);
  const at = seen.at + dice.int(1, level === "critical" ? 30 : 240) * MINUTE + dice.int(0, 59) * SECOND;
  if (at >= hospital.now) return;
  const because = dice.chance(0.3) ? result : undefined;
  const encounter = result.encounter !== undefined && at < result.encounter.to ? result.encounter : undefined;
  const what = dice.weigh({ repeat: depth < deepest ? 4 : 0, treat: 4, job: 2 });
  if (what === "repeat") {
    const panel: PanelName = result.kind === "imaging" ? "ct" : level === "critical" ? "renal" : dice.pick(["renal", "bloodCount", "crp"]);
    const priority = level === "critical" ? "stat" : "urgent";
    orderTest(chart, {
      panel,
      at,
      priority,
      by: seen.by,
      encounter,
      team: result.team,
      collectedAt: at + (level === "critical" ? dice.between(0.5, 4) * HOUR : dice.between(2, 20) * HOUR),
      depth: depth + 1,
      ...(because && { because }),
      // What was out of range seldom is in range by the next sample.
      ...(level === "critical" && panel === "renal" && dice.chance(0.35) && { level: "critical" as const }),
    });
  } else if (what === "treat") {
    const key = keyOf(chart, "MedicationRequest", chart.actions, "m");
    chart.actions.push({ key, type: "MedicationRequest", title: dice.pick(treatments), at, by: seen.by, encounter, because });
  } else {
    const owner = pickOnDuty(hospital, dice, result.team, dice.chance(0.5) ? "doctor" : "nurse", at);
    const isDone = dice.chance(0.9);
    const endsAt = at + dice.int(20, 2_000) * MINUTE;
    const task: Task = {
      key: keyOf(chart, "Task", chart.tasks, "t"),
      title: `Act on ${result.title.toLowerCase()}`,
      code: { system: "http://hl7.org/fhir/CodeSystem/task-code", code: "fulfill", display: "Fulfill the focal request" },
      at,
      priority: level === "critical" ? "stat" : "urgent",
      owner,
      requester: seen.by,
      encounter,
      about: { result, as: "action" },
      dues: [{ at, due: dice.chance(0.3) ? at + dice.int(1, 4) * DAY : undefined }],
      handedOn: [],
    };
    if (isDone) endTask(chart, task, endsAt, "completed", owner);
    chart.tasks.push(task);
  }
}

/** Nobody signed it off, but somebody who opened it did something about it. */
function seeInPassing(chart: Chart, result: Result, issuedAt: Instant): { at: Instant; by: Person } {
  const at = issuedAt + chart.dice.int(10, 2_000) * MINUTE;
  const by = pickOnDuty(chart.hospital, chart.dice, result.team, "doctor", at);
  noteLook(chart, { at, by, of: "report", result });
  return { at, by };
}
