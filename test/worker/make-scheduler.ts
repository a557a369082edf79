import { randomUUID } from "node:crypto";
import type { SiteConfig } from "../../src/config/config.ts";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { parseCron } from "../../src/domain/cron.ts";
import type { Instant } from "../../src/domain/instant.ts";
import type { Schedule } from "../../src/domain/schedule.ts";
import { enabledSignals } from "../../src/insight/enabled-signals.ts";
import { settleDueRuns, type SettledRun } from "../../src/worker/settle-due-runs.ts";

/** A site with no source, unless more is said. */
export function makeSite(name: string, more: Partial<SiteConfig> = {}): SiteConfig {
  return { ...siteConfig(loadConfig({ env: {} }), name), ...more };
}

export function makeSchedule(increment: string, reconcile: string): Schedule {
  const read = (text: string): Schedule["increment"] => (text === "off" ? text : parseCron(text)!);
  return { increment: read(increment), reconcile: read(reconcile) };
}

/** A look for what is due, as `serve` and `worker` take one every few seconds; answers what it settled. */
export async function look(
  connection: Connection,
  sites: readonly SiteConfig[],
  clock: () => Instant,
  settled: SettledRun[] = [],
): Promise<SettledRun[]> {
  await settleDueRuns(connection, {
    config: { ...loadConfig({ env: {} }), sites },
    planSite: (config) => ({ config, sources: config.sources, signals: enabledSignals(config) }),
    process: { clock, makeId: randomUUID, random: () => 0 },
    report: (each) => settled.push(each),
  });
  return settled;
}
