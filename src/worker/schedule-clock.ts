import { schedule } from "node-cron";

/** Calls `work` again and again, until what it answers is called. */
export type Tick = (work: () => void) => () => void;

/**
 * So long waits at most who asks for a run. node-cron is the clock that ticks and nothing more: what is due is told by
 * rows, so a tick that is missed or doubled changes nothing.
 */
export const everyFiveSeconds: Tick = (work) => {
  const task = schedule("*/5 * * * * *", work, { suppressMissedWarning: true });
  return () => void task.destroy();
};
