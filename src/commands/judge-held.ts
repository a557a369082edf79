import { siteConfig } from "../config/load-config.ts";
import { heldSites } from "./held-sites.ts";
import { runScans, type ScansOptions } from "./run-scans.ts";
import { withDatabase, type Runtime } from "./runtime.ts";
import type { ScanFlags } from "./scan-command.ts";
import { planSite, readInstant } from "./scan-plan.ts";

/** Judges every site of which something is held, or the one named, without reading anything. */
export async function judgeHeld(runtime: Runtime, flags: ScanFlags, options: Pick<ScansOptions, "rebuild">): Promise<void> {
  const [now, since] = [readInstant("--now", flags.now), readInstant("--since", flags.since)];
  const config = runtime.loadConfig();
  await withDatabase(runtime, async (connection) => {
    const sites = await heldSites(connection, flags.site);
    const plans = sites.map(({ name }) => planSite(siteConfig(config, name), [], flags.signals));
    await runScans(runtime, plans, { ...options, now, since, json: flags.json }, connection);
  });
}
