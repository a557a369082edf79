import type { Config } from "../config/config.ts";
import type { Connection } from "../db/connect.ts";
import { everyFiveSeconds } from "../worker/schedule-clock.ts";
import { startSchedule } from "../worker/start-schedule.ts";
import type { Runtime } from "./runtime.ts";
import { planSite } from "./scan-plan.ts";
import { showFailure, showRun } from "./show-run.ts";

/** Scans every site when it is due, one line a run, until the process is stopped. */
export function startScheduler(runtime: Runtime, connection: Connection, config: Config): void {
  const stop = startSchedule(connection, {
    config,
    planSite: (site) => planSite(site, site.sources, undefined),
    process: runtime,
    tick: everyFiveSeconds,
    report: (settled) => ("error" in settled.outcome ? runtime.err : runtime.out)(showRun(settled)),
    reportBlind: (error) =>
      runtime.err(`${new Date(runtime.clock()).toISOString()} Nothing can be scanned until this is over. ${showFailure(error)}`),
  });
  runtime.onStop(() => {
    stop();
    return Promise.resolve();
  });
}
