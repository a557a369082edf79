import { existsSync, readdirSync } from "node:fs";
import { InvalidArgumentError, Option, type Command } from "commander";
import { SingleBar } from "cli-progress";
import { count } from "../domain/count.ts";
import { UserError } from "../domain/user-error.ts";
import { planHospital } from "../simulate/hospital.ts";
import { atHour } from "../simulate/london-time.ts";
import { coverageOf, planOutages } from "../simulate/mess/outages.ts";
import { dialects, usualStart, type DialectName, type Mess, type SimulateOptions } from "../simulate/options.ts";
import { writeOver } from "../simulate/over/write-over.ts";
import { simulateHospital } from "../simulate/simulate-hospital.ts";
import { writeFolder, type Written } from "../simulate/write-folder.ts";
import { assumed } from "../simulate/assumptions.ts";
import { commandLine, examples } from "./command-line.ts";
import type { Runtime } from "./runtime.ts";
import { showTable } from "./show-table.ts";

interface Flags {
  readonly seed: number;
  readonly days: number;
  readonly beds: number;
  readonly dialect: DialectName;
  readonly mess?: Mess;
  readonly start: number;
  readonly auditEvents: number;
  readonly gzip?: true;
  readonly json?: true;
  readonly out: string;
  readonly over?: string;
}

export function register(program: Command, runtime: Runtime): void {
  program
    .command("simulate")
    .description("Make a synthetic hospital as NDJSON, with the truth of every loop beside it. Nobody in it is real.")
    .requiredOption("--out <folder>", "a new or empty folder; the records, coverage.json and truth.ndjson go into it")
    .option("--seed <number>", "the same seed, sizes and dialect make the same bytes", readWhole(0, 2 ** 31), 1)
    .option("--days <number>", "how long it is watched", readWhole(1, 3_660), 28)
    .option("--beds <number>", "its size; teams, attendances and clinics follow", readWhole(1, 5_000), 20)
    .addOption(new Option("--dialect <name>", "how its EPR writes").choices(dialects).default("balp"))
    .option("--mess <kinds>", "declared, undeclared or both, each with a degree from 1 to 3: declared=2,undeclared=1", readMess)
    .option("--start <date>", "the first day, in London", readStart, readStart(usualStart))
    .option(
      "--audit-events <number>",
      "what a clinician's working day leaves in the audit trail",
      readWhole(0, 100_000),
      assumed.auditEventsADay.value,
    )
    .option(
      "--over <folder>",
      "lay staff, audit trail and Tasks over the clinical records (R4 NDJSON) of this folder, instead of inventing them",
    )
    .option("--gzip", "compress the files")
    .option("--json", "print one JSON object about what was written")
    .addHelpText(
      "after",
      examples(
        ["simulate --seed 7 --days 28 --beds 20 --out hospital", "four weeks of a small hospital"],
        ["simulate --seed 7 --beds 5 --audit-events 50 --dialect r5 --mess declared=2 --out messy", "with outages that it declares"],
        ["simulate --seed 7 --days 365 --over synthea/fhir --out staffed", "the work of a year on the results of a population that exists"],
        ["scan --from hospital --site simulated", "then see what the signals find in it"],
      ),
    )
    .action((flags: Flags) => run(runtime, flags));
}

async function run(runtime: Runtime, flags: Flags): Promise<void> {
  refuseFullFolder(flags.out);
  const { seed, days, beds, dialect, start, auditEvents, mess = { declared: 0, undeclared: 0 } } = flags;
  const options: SimulateOptions = { seed, days, beds, dialect, mess, start, auditEvents };
  if (flags.over !== undefined) return runOver(runtime, flags, options, flags.over);
  const hospital = planHospital(options);
  const outages = planOutages(hospital);
  const bar = runtime.isTerminal
    ? new SingleBar({ format: "Simulating {bar} {percentage}%", clearOnComplete: true, barsize: 30 })
    : undefined;
  bar?.start(beds + days, 0);
  try {
    const told = simulateHospital(hospital, (done) => bar?.update(done));
    const written = await writeFolder(
      flags.out,
      { told, seed, mess, outages, coverage: coverageOf(hospital, outages) },
      flags.gzip === true,
    );
    bar?.stop();
    const now = new Date(hospital.now).toISOString();
    runtime.out(
      flags.json
        ? JSON.stringify({ ...options, start: new Date(start).toISOString(), now, outages: outages.length, ...written })
        : show(flags.out, now, written),
    );
  } finally {
    bar?.stop();
  }
}

async function runOver(runtime: Runtime, flags: Flags, options: SimulateOptions, over: string): Promise<void> {
  if (!existsSync(over))
    throw new UserError("folder-missing", `There is no folder ${over}.`, "Name a folder with *.ndjson files of FHIR R4 in it.");
  const laid = await writeOver(over, flags.out, options, flags.gzip === true);
  if (laid === undefined) {
    throw new UserError(
      "nothing-to-lay-over",
      `No DiagnosticReport in ${over} says when it was issued: there is no result that staff could deal with.`,
      "Name a folder with the DiagnosticReport.ndjson of a FHIR R4 export, such as Synthea writes with --exporter.fhir.bulk_data true.",
    );
  }
  const now = new Date(laid.hospital.now).toISOString();
  const start = new Date(laid.hospital.start).toISOString();
  runtime.out(flags.json ? JSON.stringify({ ...options, start, now, over, ...laid.written }) : show(flags.out, now, laid.written));
}

function show(out: string, now: string, { resources, patients, bytes, truth }: Written): string {
  const verdicts = ["met", "late", "missed", "pending", "cancelled", "occurred"];
  const rows = Object.entries(truth).map(([signal, counts]) => [signal, ...verdicts.map((verdict) => String(counts[verdict] ?? 0))]);
  return [
    `${count(patients, "patient")}, ${count(resources, "resource")} in ${Math.ceil(bytes / 1_000_000)} MB.`,
    "",
    "The truth (truth.ndjson), loops by verdict:",
    showTable(["signal", ...verdicts], rows),
    "",
    `Scan it: ${commandLine} scan --from ${out} --site simulated --now ${now}`,
  ].join("\n");
}

function refuseFullFolder(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new UserError(
    "folder-not-empty",
    `The folder ${folder} is not empty: what is in it would be read as part of the hospital.`,
    "Name a new folder, or empty this one.",
  );
}

function readWhole(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
  };
}

function readMess(text: string): Mess {
  const mess = { declared: 0, undeclared: 0 };
  for (const part of text.split(",")) {
    const [, kind, degree = "1"] = /^(declared|undeclared)(?:=([0-3]))?$/.exec(part.trim()) ?? [];
    if (kind !== "declared" && kind !== "undeclared") {
      throw new InvalidArgumentError(
        `"${part}" is neither declared nor undeclared, with a degree from 0 to 3. Write it like declared=2,undeclared=1.`,
      );
    }
    mess[kind] = Number(degree);
  }
  return mess;
}

function readStart(text: string): number {
  const noon = Date.parse(`${text}T12:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(noon)) throw new InvalidArgumentError("Write a date like 2026-01-05.");
  return atHour(noon, 0);
}
