import type { Command } from "commander";
import { examples } from "./command-line.ts";
import { runScans } from "./run-scans.ts";
import type { Runtime } from "./runtime.ts";
import { addJsonOption, addReadingOptions, type ScanFlags } from "./scan-command.ts";
import { planReading } from "./scan-plan.ts";

export function register(program: Command, runtime: Runtime): void {
  const command = program.command("pull").description("Read what is new, and leave the judging to detect: the first half of scan.");
  addJsonOption(addReadingOptions(command))
    .addHelpText(
      "after",
      examples(
        ["pull --from https://fhir.example/R4", "reads a FHIR server"],
        ["pull --from export --site st-elsewhere", "reads a folder"],
        ["pull --site st-elsewhere", "reads the configured sources of a site"],
      ),
    )
    .action((flags: ScanFlags) => runScans(runtime, planReading(runtime.loadConfig(), flags), { pullOnly: true, json: flags.json }));
}
