import type { Command } from "commander";
import { examples } from "./command-line.ts";
import { judgeHeld } from "./judge-held.ts";
import type { Runtime } from "./runtime.ts";
import { addJsonOption, addJudgingOptions, type ScanFlags } from "./scan-command.ts";

export function register(program: Command, runtime: Runtime): void {
  const command = program
    .command("rebuild")
    .description(
      "Judge every patient anew, from nothing but the events that are held. It ends as detect would; reviews are kept. A changed mapping or configuration needs no rebuild: the next scan or detect follows it.",
    )
    .option("--site <name>", "only this site")
    .option("--relate", "make the events anew too, from all that was read: slower, and mends what somebody changed in the database");
  addJsonOption(addJudgingOptions(command))
    .addHelpText(
      "after",
      examples(
        ["rebuild --site st-elsewhere", "judges every patient of a site again"],
        ["rebuild --relate", "the same for every site, and makes all events anew before"],
      ),
    )
    .action((flags: ScanFlags & { readonly relate?: true }) => judgeHeld(runtime, flags, { rebuild: flags.relate ? "relate" : "judge" }));
}
