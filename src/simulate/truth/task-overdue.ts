import type { Chart, Priority, Task } from "../chart.ts";
import { DAY, HOUR, type Instant } from "../london-time.ts";
import type { Expectation } from "./loop.ts";

const within: Readonly<Record<Priority, number>> = { stat: 4 * HOUR, asap: DAY, urgent: 3 * DAY, routine: 14 * DAY };

export function taskOverdue(chart: Chart, now: Instant): Expectation[] {
  return chart.tasks
    .filter(({ at }) => at < now)
    .map((task) => {
      const ended = task.ended !== undefined && task.ended.at < now ? task.ended : undefined;
      const isDone = ended?.status === "completed";
      return {
        signal: "task-overdue",
        subject: task.key,
        opens: "task.requested",
        openedAt: task.at,
        dueAt: Math.max(task.at, dueOf(task, now)),
        metAt: isDone ? ended.at : undefined,
        cancelledAt: ended !== undefined && !isDone ? ended.at : undefined,
        isVoid: ended?.status === "entered-in-error",
        because: `${task.title}, ${task.priority ?? "no priority"}, was to be done`,
      };
    });
}

/** What was in force: a change made when it was already due does not count. */
function dueOf(task: Task, now: Instant): Instant {
  const otherwise = task.at + within[task.priority ?? "routine"];
  return task.dues.reduce(
    (due, change, place) => (place === 0 || (change.at < due && change.at < now) ? (change.due ?? otherwise) : due),
    otherwise,
  );
}
