import type { Command } from "commander";

/** Options that the commands of a scan share, in one wording. */
export interface ScanFlags {
  readonly from?: string;
  readonly site?: string;
  readonly source?: string;
  readonly fhirVersion?: string;
  readonly now?: string;
  readonly since?: string;
  readonly bulk?: string | true;
  readonly signals?: string;
  readonly json?: true;
}

export function addReadingOptions(command: Command): Command {
  return command
    .option(
      "--from <place>",
      "base URL of a FHIR server, or folder of *.ndjson, *.ndjson.gz and *.json, subfolders included; without it every configured source is read",
    )
    .option("--site <name>", "the site to read into (with --from: default); without --from, the configured site to read")
    .option(
      "--bulk [level]",
      "with --from URL: read it by an export ($export) at level system (default), patient or group/ID, not by searches",
    )
    .option(
      "--fhir-version <version>",
      "with --from: STU3, R4, R4B or R5; without it a server's own statement, or the shape of each resource, says so",
    )
    .option("--source <name>", "with --from: the name of the source that this is (server, or folder); else the configured source to read");
}

export function addJudgingOptions(command: Command): Command {
  return command
    .option(
      "--now <instant>",
      "judge as at this instant, such as 2026-03-16T09:00:00Z (default: the server's clock, or the latest time that the records carry)",
    )
    .option("--since <instant>", "watch from this instant on, and ask servers for nothing older; written once for the site")
    .option("--signals <ids>", "ids with commas between them, or all (default: those that are on)");
}

export function addJsonOption(command: Command): Command {
  return command.option("--json", "print one JSON object a site and nothing else");
}
