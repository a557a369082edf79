import type { Connection } from "../db/connect.ts";
import type { Tick } from "./schedule-clock.ts";
import { settleDueRuns, type ScheduleParts } from "./settle-due-runs.ts";

/** So that a site that takes hours to read keeps no other waiting; more would fill the pool with holders of locks. */
const looksAtOnce = 2;

export interface StartedSchedule extends ScheduleParts {
  readonly tick: Tick;
  /** Hears why nothing can be looked for now, once until it can again. */
  readonly reportBlind: (error: unknown) => void;
}

/** Looks for what is due now and at every tick, until what it answers is called; a run under way is safe to leave. */
export function startSchedule(connection: Connection, parts: StartedSchedule): () => void {
  let looking = 0;
  let isBlind = false;
  let isStopped = false;
  const unlessStopped = { ...parts, report: (settled: Parameters<typeof parts.report>[0]) => isStopped || parts.report(settled) };
  const look = async (): Promise<void> => {
    if (looking === looksAtOnce) return;
    looking += 1;
    try {
      await settleDueRuns(connection, unlessStopped);
      isBlind = false;
    } catch (error) {
      if (!isBlind && !isStopped) parts.reportBlind(error);
      isBlind = true;
    } finally {
      looking -= 1;
    }
  };
  void look();
  const stopTicking = parts.tick(() => void look());
  return () => {
    isStopped = true;
    stopTicking();
  };
}
