import type { Command } from "commander";
import type { SiteConfig } from "../config/config.ts";
import { siteConfig } from "../config/load-config.ts";
import { count } from "../domain/count.ts";
import { showInstant } from "../domain/show-times.ts";
import type { SeriesSignal } from "../domain/series.ts";
import type { Signal } from "../domain/signal.ts";
import { readSiteCatalogue } from "../signals/site-catalogue.ts";
import { backtestSeries } from "../worker/backtest-series.ts";
import { backtest, type Backtest } from "../worker/backtest.ts";
import { examples } from "./command-line.ts";
import { heldSites } from "./held-sites.ts";
import { getSignal } from "./known-signals.ts";
import { readSignalFile } from "./read-signal-file.ts";
import { withDatabase, type Runtime } from "./runtime.ts";
import { readInstant } from "./scan-plan.ts";
import { showTable } from "./show-table.ts";
import { seriesBacktestJson, showSeriesBacktest, type SiteSeriesBacktest } from "./series-backtest.ts";

interface SiteBacktest extends Backtest {
  readonly site: string;
  readonly definition: Signal;
}

interface Flags {
  readonly site?: string;
  readonly now?: string;
  readonly json?: true;
}

export function registerBacktest(signals: Command, runtime: Runtime): void {
  signals
    .command("backtest")
    .description(
      "What a definition would say of everything that is held: findings a week and by team, and against the one in force what is new, gone and changed; of a series its alarms. Nothing is written.",
    )
    .argument("<definition>", "a signal's file (*.yaml), or an id: then as the site's configuration now has it")
    .option("--site <name>", "only this site")
    .option("--now <instant>", "judge as at this instant; else as the site was last judged")
    .option("--json", "print one JSON array, an object a site")
    .addHelpText("after", examples(["signals backtest my-signal.yaml", "tries a definition before it is turned on"]))
    .action((definition: string, flags: Flags) => run(runtime, definition, flags));
}

async function run(runtime: Runtime, definition: string, flags: Flags): Promise<void> {
  const now = readInstant("--now", flags.now);
  const config = runtime.loadConfig();
  await withDatabase(runtime, async (connection) => {
    const results: SiteBacktest[] = [];
    const ofSeries: SiteSeriesBacktest[] = [];
    for (const { name } of await heldSites(connection, flags.site)) {
      const site = siteConfig(config, name);
      const signal = readDefinition(site, definition);
      if ("series" in signal) ofSeries.push({ site: name, definition: signal, ...(await backtestSeries(connection, site, signal, now)) });
      else results.push({ site: name, definition: signal, ...(await backtest(connection, site, signal, now)) });
    }
    if (flags.json) {
      const loops = results.map(({ definition: { id, version }, ...result }) => ({ signal: id, version, ...result }));
      runtime.out(JSON.stringify([...loops, ...ofSeries.map(seriesBacktestJson)]));
      return;
    }
    const shown = results.map((result) => show(result.site, result.definition, result));
    runtime.out([...shown, ...ofSeries.map(showSeriesBacktest)].join("\n\n"));
  });
}

/**
 * A file, with the site's value sets and calendar; or a signal by its id, as the site's configuration now has it.
 * @throws UserError `signal-invalid`, `signal-unknown`, `signal-file-unreadable`
 */
function readDefinition(config: SiteConfig, definition: string): Signal | SeriesSignal {
  if (definition.endsWith(".yaml")) return readSignalFile(definition, config).signal;
  const { loops, series } = readSiteCatalogue(config);
  return getSignal({ files: [...loops, ...series] }, definition).signal;
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
