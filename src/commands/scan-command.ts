import type { Command } from "commander";

/** Options that the commands of a scan share, in one wording. */
export interface ScanFlags {
  readonly from?: string;
  readonly site?: string;
  readonly source?: string;
  readonly now?: string;
  readonly since?: string;
  readonly signals?: string;
  readonly json?: true;
}

export function addReadingOptions(command: Command): Command {
  return command
    .option(
      "--from <folder>",
      "folder of *.ndjson, *.ndjson.gz and *.json, subfolders included; without it every configured source is read",
    )
    .option("--site <name>", "the site to read into (with --from: default); without --from, the configured site to read")
    .option("--source <name>", "with --from: the source that the folder belongs to (folder); else the configured source to read");
}

export function addJudgingOptions(command: Command): Command {
  return command
    .option("--now <instant>", "judge as at this instant, such as 2026-03-16T09:00:00Z (the latest time that the records carry)")
    .option("--since <instant>", "watch from this instant on; written once for the site")
    .option("--signals <ids>", "ids with commas between them, or all (default: those that are on)");
}

export function addJsonOption(command: Command): Command {
  return command.option("--json", "print one JSON object a site and nothing else");
}
