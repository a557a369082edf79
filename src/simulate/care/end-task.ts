import type { Chart, Task, TaskEnd } from "../chart.ts";
import { dialectOf } from "../dialect.ts";
import type { Instant } from "../london-time.ts";
import type { Person } from "../staff.ts";

/** Ends a Task. Where no audit trail tells who did it, whoever does it takes it over first, so that the Task itself says so. */
export function endTask(chart: Chart, task: Task, at: Instant, status: TaskEnd, by: Person): void {
  const holder = task.handedOn.at(-1)?.to ?? task.owner;
  if (dialectOf[chart.hospital.options.dialect].audit === "none" && holder.key !== by.key) task.handedOn.push({ at, to: by });
  task.ended = { at, status, by };
}
