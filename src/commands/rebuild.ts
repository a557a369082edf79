import type { Command } from "commander";
import { examples } from "./command-line.ts";
import { judgeHeld } from "./judge-held.ts";
import type { Runtime } from "./runtime.ts";
import { addJsonOption, addJudgingOptions, type ScanFlags } from "./scan-command.ts";

export function register(program: Command, runtime: Runtime): void {
  const command = program
    .command("rebuild")
    .description(
      "Judge everything that has been read anew, from nothing. It ends as detect would; reviews are kept. A changed mapping or configuration needs no rebuild: the next scan or detect follows it.",
    );
  addJsonOption(addJudgingOptions(command.option("--site <name>", "only this site")))
    .addHelpText("after", examples(["rebuild --site st-elsewhere", "judges every patient of a site again"]))
    .action((flags: ScanFlags) => judgeHeld(runtime, flags, { rebuild: true }));
}
