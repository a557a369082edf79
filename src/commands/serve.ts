import { InvalidArgumentError, type Command } from "commander";
import type { Config } from "../config/config.ts";
import type { Connection } from "../db/connect.ts";
import { letHeapsGrow } from "../db/let-heaps-grow.ts";
import { listSites } from "../store/site.ts";
import { commandLine, examples } from "./command-line.ts";
import type { Runtime } from "./runtime.ts";
import { startScheduler } from "./start-scheduler.ts";
import { startServing } from "./start-serving.ts";
import { readWait, waitForServers } from "./wait-for-servers.ts";

/** Per cent. The slowest pages are those that the collector runs beside; a scan would need the room. */
const whereNothingIsScanned = 75;

interface ServeFlags {
  readonly port: number;
  readonly schedule: boolean;
  readonly wait?: string;
}

export function register(program: Command, runtime: Runtime): void {
  program
    .command("serve")
    .description("Serve the worklist and the API on this machine, and scan every site on its schedule.")
    .option("--port <number>", "the port to listen on", readPort, 3_000)
    .option("--no-schedule", "leave the scanning to worker, or to scan")
    .option("--wait <duration>", "wait so long at most for the FHIR servers before the first scan, such as PT10M")
    .addHelpText(
      "after",
      examples(["serve", "until it is stopped; prints where to look"], ["serve --port 3001 --no-schedule", "pages and API alone"]),
    )
    .action((flags: ServeFlags) => run(runtime, flags));
}

async function run(runtime: Runtime, flags: ServeFlags): Promise<void> {
  const waitMs = readWait(flags.wait);
  const config = runtime.loadConfig();
  const connection = await runtime.openDatabase();
  if (!flags.schedule) letHeapsGrow(whereNothingIsScanned);
  try {
    const { clock, makeId, err: log } = runtime;
    const { url } = await startServing(runtime, connection, { clock, makeId, config, log }, flags.port);
    runtime.out(await sayWhere(connection, config, url));
  } catch (error) {
    await connection.close();
    throw error;
  }
  if (!flags.schedule) return;
  await waitForServers(runtime, config, waitMs);
  startScheduler(runtime, connection, config);
}

async function sayWhere({ db }: Connection, config: Config, url: string): Promise<string> {
  const isEmpty = config.sites.length === 0 && (await listSites(db)).length === 0;
  const next = `Nothing is held yet, and no site is configured: name one in followthrough.yaml (fixtures/followthrough.example.yaml says how),
or stop this and read a folder first: ${commandLine} scan --from FOLDER`;
  return `Worklist  ${url}/
API       ${url}/api/
Stop with Ctrl+C: nothing is lost.${isEmpty ? `\n${next}` : ""}`;
}

export function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("Write a whole number up to 65535; 0 takes any that is free.");
  return port;
}
