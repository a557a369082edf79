import { Command } from "commander";
import { commandLine } from "./command-line.ts";
import { register as registerAlarms } from "./alarms.ts";
import { register as registerDemo } from "./demo.ts";
import { register as registerDetect } from "./detect.ts";
import { register as registerDoctor } from "./doctor.ts";
import { register as registerFindings } from "./findings.ts";
import { register as registerMigrate } from "./migrate.ts";
import { register as registerOutages } from "./outages.ts";
import { register as registerPull } from "./pull.ts";
import { register as registerQuarantine } from "./quarantine.ts";
import { register as registerRebuild } from "./rebuild.ts";
import { register as registerReview } from "./review.ts";
import type { Runtime } from "./runtime.ts";
import { register as registerScan } from "./scan.ts";
import { register as registerServe } from "./serve.ts";
import { register as registerSignals } from "./signals.ts";
import { register as registerSimulate } from "./simulate.ts";
import { register as registerWorker } from "./worker.ts";

const commands = [
  registerDemo,
  registerServe,
  registerWorker,
  registerScan,
  registerPull,
  registerDetect,
  registerRebuild,
  registerFindings,
  registerReview,
  registerAlarms,
  registerOutages,
  registerSignals,
  registerDoctor,
  registerQuarantine,
  registerSimulate,
  registerMigrate,
];

const environment = `
Environment:
  DATABASE_URL          a PostgreSQL database, postgres://user:password@host:5432/name; without it the embedded one is used
  FOLLOWTHROUGH_DATA    folder of the embedded database (default ./data)
  FOLLOWTHROUGH_CONFIG  configuration file (default ./followthrough.yaml, where there is one)

Exit codes: 0 done; 1 a defect of Followthrough; 2 wrong usage or configuration, or a database that cannot be used; 3 done, but some feed is incomplete.

Start with:  ${commandLine} demo`;

/** The whole command line. It throws CommanderError instead of ending the process. */
export function makeProgram(runtime: Runtime): Command {
  const program = new Command(commandLine)
    .description("Finds the results, tasks and orders that nobody followed through, from the FHIR audit trail that an EPR already writes.")
    .exitOverride()
    .configureOutput({ writeOut: runtime.out, writeErr: runtime.err })
    .showHelpAfterError("Add --help to see what can be said.")
    .addHelpText("after", environment);
  for (const register of commands) register(program, runtime);
  return program;
}
