import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Command } from "commander";
import { siteConfig } from "../config/load-config.ts";
import { count } from "../domain/count.ts";
import { showInstant } from "../domain/show-times.ts";
import type { Signal } from "../domain/signal.ts";
import { UserError } from "../domain/user-error.ts";
import { parseSignal } from "../signals/parse-signal.ts";
import { backtest, type Backtest } from "../worker/backtest.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { readCatalogue } from "../signals/catalogue.ts";
import { commandLine, examples } from "./command-line.ts";
import { heldSites } from "./held-sites.ts";
import { withDatabase, type Runtime } from "./runtime.ts";
import { readInstant } from "./scan-plan.ts";
import { showTable } from "./show-table.ts";

interface Flags {
  readonly site?: string;
  readonly now?: string;
  readonly json?: true;
}

export function registerBacktest(signals: Command, runtime: Runtime): void {
  signals
    .command("backtest")
    .description(
      "What a definition would say of everything that is held: findings a week and by team, and against the one in force what is new, gone and changed. Nothing is written.",
    )
    .argument("<definition>", "a signal's file (*.yaml), or the id of one in the catalogue")
    .option("--site <name>", "only this site")
    .option("--now <instant>", "judge as at this instant; else as the site was last judged")
    .option("--json", "print one JSON array, an object a site")
    .addHelpText("after", examples(["signals backtest my-signal.yaml", "tries a definition before it is turned on"]))
    .action((definition: string, flags: Flags) => run(runtime, definition, flags));
}

async function run(runtime: Runtime, definition: string, flags: Flags): Promise<void> {
  const signal = readDefinition(definition);
  const now = readInstant("--now", flags.now);
  const config = runtime.loadConfig();
  await withDatabase(runtime, async (connection) => {
    const results: (Backtest & { readonly site: string })[] = [];
    for (const { name } of await heldSites(connection, flags.site))
      results.push({ site: name, ...(await backtest(connection, siteConfig(config, name), signal, now)) });
    if (flags.json) {
      runtime.out(JSON.stringify(results.map((result) => ({ signal: signal.id, version: signal.version, ...result }))));
      return;
    }
    runtime.out(results.map((result) => show(result.site, signal, result)).join("\n\n"));
  });
}

/** @throws UserError `signal-invalid`, `signal-unknown`, `signal-file-unreadable` */
function readDefinition(definition: string): Signal {
  if (!definition.endsWith(".yaml")) return findSignal(definition);
  let text: string;
  try {
    text = readFileSync(definition, "utf8");
  } catch (cause) {
    throw new UserError("signal-file-unreadable", `${definition} cannot be read.`, "Name a signal's file, or the id of a signal.", {
      cause,
    });
  }
  return parseSignal(text, basename(definition)).signal;
}

function show(site: string, { id, version }: Signal, { now, weeks, verdicts, teams, against }: Backtest): string {
  const total = teams.reduce((sum, { findings }) => sum + findings, 0);
  const perWeek = (findings: number): string => (weeks === 0 ? "0" : (findings / weeks).toFixed(1));
  const said = Object.entries(verdicts).map(([verdict, loops]) => `${loops} ${verdict}`);
  return [
    `${id}, version ${version}, over what is held of ${site}, as at ${showInstant(now)}: ${said.join(", ") || "nothing opens"}.`,
    `${count(total, "finding")} that somebody could act on in ${count(weeks, "week")}: ${perWeek(total)} a week.`,
    against
      ? `Against version ${against.version}, in force here: ${against.fresh} new, ${against.gone} gone, ${against.changed} with another verdict or due.`
      : "No version of it has judged anything here before.",
    ...(teams.length > 0
      ? [
          showTable(
            ["team", "findings", "a week"],
            teams.map(({ team, findings }) => [team, findings, perWeek(findings)]),
          ),
        ]
      : []),
    "Nothing was written.",
  ].join("\n");
}

function findSignal(id: string): Signal {
  const catalogue = readCatalogue().map(({ signal }) => signal);
  const found = catalogue.find((signal) => signal.id === id);
  if (found) return found;
  const known = catalogue.map((signal) => signal.id);
  throw new UserError(
    "signal-unknown",
    `There is no signal "${id}" of loops or sequences.${didYouMean(id, known)}`,
    `See them all: ${commandLine} signals list`,
  );
}
