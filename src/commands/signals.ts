import type { Command } from "commander";
import { sayOrigin, describeSignal } from "../signals/describe-signal.ts";
import { describeSeries } from "../signals/describe-series.ts";
import { allRequiredFeeds } from "../signals/required-feeds.ts";
import { seriesFeeds } from "../signals/series-feeds.ts";
import { commandLine, examples } from "./command-line.ts";
import { getSignal, knownSignals } from "./known-signals.ts";
import type { Runtime } from "./runtime.ts";
import { registerBacktest } from "./signals-backtest.ts";
import { showSql } from "./signals-sql.ts";
import { registerTest } from "./signals-test.ts";
import { showTable } from "./show-table.ts";

interface Flags {
  readonly site?: string;
  readonly json?: true;
}

const siteHelp = "as this site has it: with its own signals, limits, rules, tiers, value sets and calendar";

const settingsHelp = `
What a site says over the catalogue stands in followthrough.yaml, at the site or under allSites (see README, Signals of your own):
  signals: { task-overdue: { enabled: false }, task-bounced: { tier: surveillance }, result-no-action: { limits: […] } }
    of a sequence also within and times, of a series rules, history, needs, fewest and settles
  ownSignals: ./signals       a folder of signals of your own
  valueSets: ./value-sets     a folder of lists of codes, over those of the program
  calendar: { hours: { from: 08:00, to: 18:00 }, holidays: { add: [2026-12-24] } }`;

export function register(program: Command, runtime: Runtime): void {
  const signals = program.command("signals").description("The catalogue of signals: what each one looks for.");
  signals.addHelpText("after", settingsHelp);
  signals
    .command("list")
    .description("Every signal, its tier, and whether it is on by default, or at a site.")
    .option("--site <name>", siteHelp)
    .option("--json", "print one JSON array")
    .action((flags: Flags) => list(runtime, flags));
  signals
    .command("show")
    .description("One signal in words: what opens it, what must follow, within what limit, and why.")
    .argument("<id>", "such as result-unacknowledged")
    .option("--site <name>", siteHelp)
    .option("--sql", "print the SQL that selects its evidence at each site of which something is held (or --site), ready for psql")
    .option("--json", "print the definition as one JSON object")
    .addHelpText(
      "after",
      examples(
        ["signals show result-unacknowledged", "explains it"],
        ["signals show task-overdue --sql | psql $DATABASE_URL", "shows what it is judged by"],
      ),
    )
    .action((id: string, flags: Flags & { readonly sql?: true }) =>
      flags.sql ? showSql(runtime, id, flags.site) : show(runtime, id, flags),
    );
  registerTest(signals, runtime);
  registerBacktest(signals, runtime);
}

function list(runtime: Runtime, { site, json }: Flags): void {
  const known = knownSignals(runtime.loadConfig, site);
  const rows = known.files.map(({ signal, examples: shown }) => {
    const { id, version, tier, severity, title, origin } = signal;
    return {
      id,
      version,
      tier,
      severity,
      on: known.isOn(id),
      title,
      feeds: "series" in signal ? seriesFeeds(signal.series) : allRequiredFeeds(signal),
      examples: shown.length,
      ...(site !== undefined && { own: origin?.isOwn ?? false, changes: origin?.changes ?? [] }),
    };
  });
  if (json) return runtime.out(JSON.stringify(rows));
  const lines = rows.map(({ id, version, tier, on, title }) => [id, version, tier, on ? "on" : "off", title]);
  const own = known.files.flatMap(({ signal }) => {
    const origin = sayOrigin(signal);
    return origin === undefined ? [] : [`${signal.id}: ${origin}`];
  });
  runtime.out(
    [
      showTable(["signal", "version", "tier", site === undefined ? "default" : "here", "what it looks for"], lines),
      ...(own.length > 0 ? [own.join("\n")] : []),
      `Explain one: ${commandLine} signals show ${rows[0]?.id ?? "ID"}${site === undefined ? "" : ` --site ${site}`}`,
    ].join("\n\n"),
  );
}

function show(runtime: Runtime, id: string, { site, json }: Flags): void {
  const { signal } = getSignal(knownSignals(runtime.loadConfig, site), id);
  runtime.out(json ? JSON.stringify(signal) : "series" in signal ? describeSeries(signal) : describeSignal(signal));
}
