import type { Command } from "commander";
import { examples } from "./command-line.ts";
import { judgeHeld } from "./judge-held.ts";
import type { Runtime } from "./runtime.ts";
import { addJsonOption, addJudgingOptions, type ScanFlags } from "./scan-command.ts";

export function register(program: Command, runtime: Runtime): void {
  const command = program
    .command("detect")
    .description("Judge what has been read: the second half of scan. Only what may have changed is judged anew.");
  addJsonOption(addJudgingOptions(command.option("--site <name>", "only this site")))
    .addHelpText(
      "after",
      examples(["detect", "judges every site"], ["detect --site st-elsewhere --now 2026-03-16T09:00:00Z", "judges one as at an instant"]),
    )
    .action((flags: ScanFlags) => judgeHeld(runtime, flags, {}));
}
