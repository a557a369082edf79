import type { Command } from "commander";
import { examples } from "./command-line.ts";
import type { Runtime } from "./runtime.ts";
import { startScheduler } from "./start-scheduler.ts";
import { readWait, waitForServers } from "./wait-for-servers.ts";

export function register(program: Command, runtime: Runtime): void {
  program
    .command("worker")
    .description("Scan every site on its schedule, and nothing else. Any number may share the sites of one PostgreSQL database.")
    .option("--wait <duration>", "wait so long at most for the FHIR servers before the first scan, such as PT10M")
    .addHelpText("after", examples(["worker", "scans until it is stopped, one line a run"]))
    .action((flags: { wait?: string }) => run(runtime, flags));
}

async function run(runtime: Runtime, flags: { wait?: string }): Promise<void> {
  const waitMs = readWait(flags.wait);
  const config = runtime.loadConfig();
  const connection = await runtime.openDatabase();
  runtime.out("Scanning every site on its schedule. Stop with Ctrl+C: nothing is lost.");
  await waitForServers(runtime, config, waitMs);
  startScheduler(runtime, connection, config);
}
