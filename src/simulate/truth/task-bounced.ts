import type { Chart } from "../chart.ts";
import { DAY, type Instant } from "../london-time.ts";
import type { Occurrence } from "./loop.ts";

const times = 3;

export function taskBounced(chart: Chart, now: Instant): Occurrence[] {
  return chart.tasks.flatMap((task) => {
    const moved = task.handedOn.map(({ at }) => at).filter((at) => at < now);
    const first = moved.find((at, place) => (moved[place + times - 1] ?? Infinity) - at <= 7 * DAY);
    const isVoid = task.ended?.status === "entered-in-error" && task.ended.at < now;
    if (first === undefined || isVoid) return [];
    return [
      {
        signal: "task-bounced",
        subject: task.key,
        opens: "task.reassigned",
        openedAt: first,
        because: `${task.title} was handed on ${times} times within a week`,
      },
    ];
  });
}
