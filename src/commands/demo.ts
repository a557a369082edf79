import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import type { Connection } from "../db/connect.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import { UserError } from "../domain/user-error.ts";
import { scanSite } from "../worker/scan.ts";
import { readPort } from "./serve.ts";
import { emptyDemoFolder } from "./demo-folder.ts";
import { startDemoHospital, type DemoSite } from "./demo-hospital.ts";
import type { Runtime } from "./runtime.ts";
import { planSite } from "./scan-plan.ts";
import { showProgress } from "./scan-progress.ts";
import { showDemo, showWhereToLook } from "./show-demo.ts";
import { startScheduler } from "./start-scheduler.ts";
import { startServing, type Serving } from "./start-serving.ts";

interface DemoFlags {
  readonly port?: number;
  readonly once?: true;
}

const usualPort = 3_000;
const banner = "Invented data: nobody here is real, and all that you do is forgotten with the demo.";

export function register(program: Command, runtime: Runtime): void {
  program
    .command("demo")
    .description("See it work on an invented hospital, in a database of its own: no data, no settings, nothing to clean up.")
    .option("--port <number>", "the port of the worklist (default: 3000, or any that is free)", readPort)
    .option("--once", "end when the hospital has been scanned, instead of serving the worklist")
    .addHelpText(
      "after",
      "\nThe hospital is served over FHIR on this machine, moved in time so that it is today there, and scanned like any other server.\nThe database is made in a temporary folder, or in FOLLOWTHROUGH_DATA/demo where that is set; yours is not touched.",
    )
    .action((flags: DemoFlags) => run(runtime, flags));
}

async function run(runtime: Runtime, flags: DemoFlags): Promise<void> {
  const folder = await emptyDemoFolder(runtime.env);
  const connection = await runtime.openDatabase({ dataDir: folder });
  const sites = await startDemoHospital(runtime.clock);
  const close = async (): Promise<void> => {
    await Promise.all(sites.map((site) => site.close()));
    await connection.close();
  };
  try {
    runtime.err(`Scanning ${sites.length} sites of an invented hospital over FHIR …`);
    const config: Config = { dataFolder: folder, sites: sites.map((site) => site.config) };
    const summaries: ScanSummary[] = [];
    for (const site of sites) summaries.push(await scanDemoSite(runtime, connection, site));
    const { text, firstFinding } = await showDemo(runtime, connection, sites, summaries);
    runtime.out(text);
    if (flags.once) {
      await close();
      return;
    }
    const { clock, makeId, err: log } = runtime;
    const { url } = await serveAtFreePort(
      (port) => startServing(runtime, connection, { clock, makeId, config, log, banner }, port),
      flags.port,
    );
    // It is scanned again every hour, as any hospital is; nobody here waits for the line that says so.
    startScheduler({ ...runtime, out: () => {} }, connection, config);
    runtime.out(showWhereToLook(url, firstFinding, folder, runtime.env));
  } catch (error) {
    await close();
    throw error;
  }
}

async function scanDemoSite(runtime: Runtime, connection: Connection, { config, since }: DemoSite): Promise<ScanSummary> {
  const progress = runtime.isTerminal ? showProgress(config.name, new Map()) : undefined;
  try {
    return await scanSite(connection, { ...planSite(config, config.sources, undefined), since, ...(progress && { progress }) }, runtime);
  } finally {
    progress?.end();
  }
}

/** Who names a port gets that one or hears why not; who does not must not be kept from seeing it by another program's port. */
async function serveAtFreePort(serve: (port: number) => Promise<Serving>, port: number | undefined): Promise<Serving> {
  if (port !== undefined) return serve(port);
  try {
    return await serve(usualPort);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return serve(0);
  }
}
