import type { Command } from "commander";
import { didYouMean } from "../domain/nearest-name.ts";
import { UserError } from "../domain/user-error.ts";
import { enabledByDefault, readCatalogue } from "../signals/catalogue.ts";
import { describeSignal } from "../signals/describe-signal.ts";
import type { SignalFile } from "../signals/parse-signal.ts";
import { allRequiredFeeds } from "../signals/required-feeds.ts";
import { runExample } from "../signals/run-example.ts";
import { commandLine, examples } from "./command-line.ts";
import type { Runtime } from "./runtime.ts";
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
}

function list(runtime: Runtime, { json }: Flags): void {
  const rows = readCatalogue().map(({ signal, examples: shown }) => {
    const { id, version, tier, severity, title } = signal;
    return {
      id,
      version,
      tier,
      severity,
      on: enabledByDefault.includes(id),
      title,
      feeds: allRequiredFeeds(signal),
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
  runtime.out(json ? JSON.stringify(signal) : describeSignal(signal));
}

function test(runtime: Runtime, id: string | undefined, { json }: Flags): void {
  const files = id === undefined ? readCatalogue() : [findSignal(id)];
  const results = files.flatMap((file) =>
    file.examples.map((example) => {
      const { passed, explanation } = runExample(file, example);
      return { signal: file.signal.id, example: example.name, passed, explanation };
    }),
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

function findSignal(id: string): SignalFile {
  const catalogue = readCatalogue();
  const file = catalogue.find(({ signal }) => signal.id === id);
  if (file) return file;
  const ids = catalogue.map(({ signal }) => signal.id);
  throw new UserError("signal-unknown", `There is no signal "${id}".${didYouMean(id, ids)}`, `See them all: ${commandLine} signals list`);
}
