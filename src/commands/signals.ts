import type { Command } from "commander";
import { didYouMean } from "../domain/nearest-name.ts";
import { UserError } from "../domain/user-error.ts";
import { enabledByDefault, readCatalogue, readSeriesCatalogue } from "../signals/catalogue.ts";
import { describeSeries } from "../signals/describe-series.ts";
import { describeSignal } from "../signals/describe-signal.ts";
import type { SeriesFile } from "../signals/parse-series.ts";
import type { SignalFile } from "../signals/parse-signal.ts";
import { allRequiredFeeds } from "../signals/required-feeds.ts";
import { runExample } from "../signals/run-example.ts";
import { runSeriesExample } from "../signals/run-series-example.ts";
import { seriesFeeds } from "../signals/series-feeds.ts";
import { commandLine, examples } from "./command-line.ts";
import type { Runtime } from "./runtime.ts";
import { registerBacktest } from "./signals-backtest.ts";
import { showTable } from "./show-table.ts";

interface Flags {
  readonly json?: true;
}

export function register(program: Command, runtime: Runtime): void {
  const signals = program.command("signals").description("The catalogue of signals: what each one looks for.");
  signals
    .command("list")
    .description("Every signal, its tier, and whether it is on by default.")
    .option("--json", "print one JSON array")
    .action((flags: Flags) => list(runtime, flags));
  signals
    .command("show")
    .description("One signal in words: what opens it, what must follow, within what limit, and why.")
    .argument("<id>", "such as result-unacknowledged")
    .option("--json", "print the definition as one JSON object")
    .addHelpText("after", examples(["signals show result-unacknowledged", "explains it"]))
    .action((id: string, flags: Flags) => show(runtime, id, flags));
  signals
    .command("test")
    .description("Run the examples of one signal, or of all, through detection itself; exit code 1 if one fails.")
    .argument("[id]", "only this one")
    .option("--json", "print one JSON array")
    .addHelpText("after", examples(["signals test", "runs them all"]))
    .action((id: string | undefined, flags: Flags) => test(runtime, id, flags));
  registerBacktest(signals, runtime);
}

function list(runtime: Runtime, { json }: Flags): void {
  const rows = readEverySignal().map(({ signal, examples: shown }) => {
    const { id, version, tier, severity, title } = signal;
    return {
      id,
      version,
      tier,
      severity,
      on: enabledByDefault.includes(id),
      title,
      feeds: "series" in signal ? seriesFeeds(signal.series) : allRequiredFeeds(signal),
      examples: shown.length,
    };
  });
  if (json) return runtime.out(JSON.stringify(rows));
  const lines = rows.map(({ id, version, tier, on, title }) => [id, version, tier, on ? "on" : "off", title]);
  runtime.out(
    `${showTable(["signal", "version", "tier", "default", "what it looks for"], lines)}\n\nExplain one: ${commandLine} signals show ${rows[0]?.id ?? "ID"}`,
  );
}

function show(runtime: Runtime, id: string, { json }: Flags): void {
  const { signal } = findSignal(id);
  runtime.out(json ? JSON.stringify(signal) : "series" in signal ? describeSeries(signal) : describeSignal(signal));
}

function test(runtime: Runtime, id: string | undefined, { json }: Flags): void {
  const files = id === undefined ? readEverySignal() : [findSignal(id)];
  const results = files.flatMap((file) =>
    runExamples(file).map(({ name, passed, explanation }) => ({ signal: file.signal.id, example: name, passed, explanation })),
  );
  const failed = results.filter(({ passed }) => !passed);
  if (json) runtime.out(JSON.stringify(results));
  else {
    for (const { signal, example, explanation } of failed) runtime.out(`${signal}: ${example}\n${explanation.replace(/^/gm, "  ")}\n`);
    runtime.out(
      `${results.length - failed.length} examples of ${files.length === 1 ? "1 signal" : `${files.length} signals`} passed, ${failed.length} failed.`,
    );
  }
  runtime.setExitCode(failed.length > 0 ? 1 : 0);
}

type EverySignal = SignalFile | SeriesFile;

function readEverySignal(): EverySignal[] {
  return [...readCatalogue(), ...readSeriesCatalogue()].sort((a, b) => (a.signal.id < b.signal.id ? -1 : 1));
}

function runExamples(file: EverySignal): { readonly name: string; readonly passed: boolean; readonly explanation: string }[] {
  if (isSeries(file)) return file.examples.map((example) => ({ name: example.name, ...runSeriesExample(file, example) }));
  return file.examples.map((example) => ({ name: example.name, ...runExample(file, example) }));
}

function isSeries(file: EverySignal): file is SeriesFile {
  return "series" in file.signal;
}

function findSignal(id: string): EverySignal {
  const catalogue = readEverySignal();
  const file = catalogue.find(({ signal }) => signal.id === id);
  if (file) return file;
  const ids = catalogue.map(({ signal }) => signal.id);
  throw new UserError("signal-unknown", `There is no signal "${id}".${didYouMean(id, ids)}`, `See them all: ${commandLine} signals list`);
}
