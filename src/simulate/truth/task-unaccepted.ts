import type { Chart, Priority } from "../chart.ts";
import { DAY, HOUR, type Instant } from "../london-time.ts";
import type { Expectation } from "./loop.ts";

const within: Readonly<Record<Priority, number>> = { stat: HOUR, asap: 4 * HOUR, urgent: DAY, routine: 5 * DAY };

/** Whatever becomes of a Task next, somebody has taken notice; only calling it off ends the waiting. */
export function taskUnaccepted(chart: Chart, now: Instant): Expectation[] {
  return chart.tasks
    .filter(({ at }) => at < now)
    .map(({ key, title, at, priority, accepted, ended: end }) => {
      const ended = end !== undefined && end.at < now ? end : undefined;
      const isTaken = ended !== undefined && ["completed", "rejected", "failed"].includes(ended.status);
      const taken = [accepted, isTaken ? ended.at : undefined].filter((each) => each !== undefined && each < now) as Instant[];
      return {
        signal: "task-unaccepted",
        subject: key,
        opens: "task.requested",
        openedAt: at,
        dueAt: at + within[priority ?? "routine"],
        metAt: taken.length === 0 ? undefined : Math.min(...taken),
        cancelledAt: ended?.status === "cancelled" ? ended.at : undefined,
        isVoid: ended?.status === "entered-in-error",
        because: `${title}, ${priority ?? "no priority"}, was to be taken on by somebody`,
      };
    });
}
