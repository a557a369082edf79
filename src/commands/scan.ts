import type { Command } from "commander";
import { examples } from "./command-line.ts";
import { runScans } from "./run-scans.ts";
import type { Runtime } from "./runtime.ts";
import { addJsonOption, addJudgingOptions, addReadingOptions, type ScanFlags } from "./scan-command.ts";
import { planReading, readInstant } from "./scan-plan.ts";

export function register(program: Command, runtime: Runtime): void {
  const command = program.command("scan").description("Read what is new and judge it: pull, then detect. Safe to stop and to repeat.");
  addJsonOption(addJudgingOptions(addReadingOptions(command)))
    .addHelpText(
      "after",
      examples(
        ["scan --from fixtures/hospital/south", "reads a folder into the site default, and judges it at the latest time it carries"],
        ["scan --from https://fhir.example/R4 --since 2026-03-01T00:00:00Z", "reads a FHIR server; again, and only what is new is read"],
        ["scan --from export --site st-elsewhere --now 2026-03-16T09:00:00Z", "judges as at an instant"],
        ["scan", "reads every source of every site of followthrough.yaml"],
        ["scan --json | jq .signals", "for programs"],
      ),
    )
    .action((flags: ScanFlags) => {
      const [now, since] = [readInstant("--now", flags.now), readInstant("--since", flags.since)];
      return runScans(runtime, planReading(runtime.loadConfig(), flags), { now, since, json: flags.json });
    });
}
