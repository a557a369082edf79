import type { Command } from "commander";
import { count } from "../domain/count.ts";
import { readCatalogue, readSeriesCatalogue } from "../signals/catalogue.ts";
import { isSeriesFile } from "../signals/own-signals.ts";
import { runExample } from "../signals/run-example.ts";
import { runSeriesExample } from "../signals/run-series-example.ts";
import { signalFaults } from "../signals/signal-faults.ts";
import { examples } from "./command-line.ts";
import { getSignal, knownSignals, type AnySignalFile } from "./known-signals.ts";
import { readSignalFile } from "./read-signal-file.ts";
import type { Runtime } from "./runtime.ts";

interface Flags {
  readonly site?: string;
  readonly json?: true;
}

interface Result {
  readonly signal: string;
  readonly example: string;
  readonly passed: boolean;
  /** It comes out as it says by the signal's file, and otherwise by the site's configuration. */
  readonly changed: boolean;
  readonly explanation: string;
}

export function registerTest(signals: Command, runtime: Runtime): void {
  signals
    .command("test")
    .description("Run the examples of one signal, or of all, through detection itself; exit code 1 if one fails.")
    .argument("[signal]", "only this one: an id, or a file (*.yaml) that need not be configured yet")
    .option("--site <name>", "over this site's configuration: its own signals too, and which built-in examples its limits change")
    .option("--json", "print one JSON array")
    .addHelpText(
      "after",
      examples(
        ["signals test", "runs them all"],
        ["signals test my-signal.yaml", "runs those of a file, and says what else a signal must have"],
        ["signals test --site st-elsewhere", "runs all that this site could run, as it would run it"],
      ),
    )
    .action((signal: string | undefined, flags: Flags) => test(runtime, signal, flags));
}

function test(runtime: Runtime, id: string | undefined, { site, json }: Flags): void {
  const known = knownSignals(runtime.loadConfig, site);
  const file = id?.endsWith(".yaml") ? readSignalFile(id, known.settings) : undefined;
  const files = file ? [file] : id === undefined ? known.files : [getSignal(known, id)];
  const results = files.flatMap(resultsOf);
  const faults =
    file && !isSeriesFile(file)
      ? signalFaults(file, file.signal.tier).filter(({ path }) => path[0] !== "examples" || path.length === 1)
      : [];
  const failed = results.filter(({ passed, changed }) => !passed && !changed);
  if (json) runtime.out(JSON.stringify(results));
  else
    runtime.out(
      show(
        results,
        faults.map(({ text }) => text),
        files.length,
      ),
    );
  runtime.setExitCode(failed.length + faults.length > 0 ? 1 : 0);
}

function resultsOf(file: AnySignalFile): Result[] {
  const signal = file.signal.id;
  if ("series" in file.signal) {
    const { examples: shown, signal: series } = file as Extract<AnySignalFile, { signal: { series: unknown } }>;
    const isChanged = series.origin !== undefined && !series.origin.isOwn;
    const asWritten = isChanged ? readSeriesCatalogue().find((each) => each.signal.id === signal) : undefined;
    return shown.map((example) => {
      const { passed, explanation } = runSeriesExample({ signal: series }, example);
      const changed = !passed && asWritten !== undefined && runSeriesExample(asWritten, example).passed;
      return { signal, example: example.name, passed, changed, explanation };
    });
  }
  const { examples: shown, signal: own } = file as Exclude<AnySignalFile, { signal: { series: unknown } }>;
  const isChanged = own.origin !== undefined && !own.origin.isOwn;
  const asWritten = isChanged ? readCatalogue().find((each) => each.signal.id === signal) : undefined;
  return shown.map((example) => {
    const { passed, explanation } = runExample({ signal: own }, example);
    const changed = !passed && asWritten !== undefined && runExample(asWritten, example).passed;
    return { signal, example: example.name, passed, changed, explanation };
  });
}

function show(results: readonly Result[], faults: readonly string[], signals: number): string {
  const failed = results.filter(({ passed, changed }) => !passed && !changed);
  const changed = results.filter((each) => each.changed);
  const told = ({ signal, example, explanation }: Result): string => `${signal}: ${example}\n${explanation.replace(/^/gm, "  ")}\n`;
  const passed = results.length - failed.length - changed.length;
  return [
    ...failed.map(told),
    ...faults,
    ...(changed.length > 0
      ? [
          "By this site's configuration these built-in examples come out otherwise, as they should where it is meant:\n",
          ...changed.map(told),
        ]
      : []),
    `${String(passed)} examples of ${count(signals, "signal")} passed, ${String(failed.length)} failed${changed.length > 0 ? `, ${String(changed.length)} changed by the site's configuration` : ""}.`,
  ].join("\n");
}
