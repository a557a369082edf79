/**
 * `npm run quality`: simulates hospitals over seeds, dialects and mess, scans each, and says how often the scan is right.
 * Exits with 1 where it is worse than it may be: see judgeQuality.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { dialects } from "../../src/simulate/options.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { judgeQuality, type Baseline } from "./judge-quality.ts";
import { runQuality } from "./run-quality.ts";
import { messKinds, usualPlan, type QualityPlan } from "./samples.ts";
import { showDifferences, showQuality } from "./show-quality.ts";

const baselineFile = join(import.meta.dirname, "baseline.json");
const readWhole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("Write a whole number from 1 on.");
  return Number(text);
};

interface Flags {
  readonly seeds: number;
  readonly from: number;
  readonly days: number;
  readonly beds: number;
  readonly auditEvents: number;
  readonly dialect?: QualityPlan["dialects"];
  readonly mess?: QualityPlan["mess"];
  readonly crossed?: true;
  readonly json?: true;
  readonly writeBaseline?: true;
}

const flags = new Command("npm run quality --")
  .description("How often a scan of a simulated hospital is right, by signal and kind of mess.")
  .option("--seeds <number>", "how many hospitals of each kind", readWhole, usualPlan.seeds.length)
  .option("--from <seed>", "the first seed", readWhole, 1)
  .option("--days <number>", "how long each is watched", readWhole, usualPlan.days)
  .option("--beds <number>", "how large each is", readWhole, usualPlan.beds)
  .option("--audit-events <number>", "what a clinician's day leaves in the audit trail", readWhole, usualPlan.auditEvents)
  .addOption(new Option("--dialect <name...>", "only these").choices(dialects))
  .addOption(new Option("--mess <kind...>", "only these").choices(messKinds))
  .option("--crossed", "every dialect for every seed")
  .option("--json", "print one JSON object")
  .option("--write-baseline", `write ${baselineFile} anew`)
  .parse()
  .opts<Flags>();

const plan: QualityPlan = {
  seeds: Array.from({ length: flags.seeds }, (_, place) => flags.from + place),
  days: flags.days,
  beds: flags.beds,
  auditEvents: flags.auditEvents,
  dialects: flags.dialect ?? usualPlan.dialects,
  mess: flags.mess ?? usualPlan.mess,
  practices: {
    ...usualPlan.practices,
    seeds: usualPlan.practices.seeds.filter((seed) => seed >= flags.from && seed < flags.from + flags.seeds),
  },
  isCrossed: flags.crossed ?? false,
};
const connection = await scratchDatabase();
try {
  const quality = await runQuality(connection, plan, (line) => process.stderr.write(`${line}\n`));
  const isUsual = JSON.stringify(plan) === JSON.stringify(usualPlan);
  const baseline = isUsual ? (JSON.parse(readFileSync(baselineFile, "utf8")) as Baseline) : undefined;
  const faults = judgeQuality(quality, flags.writeBaseline ? undefined : baseline);
  if (flags.json) console.log(JSON.stringify({ plan, measures: quality.measures, faults }));
  else console.log([showQuality(quality), ...showDifferences(quality), ...faults.map((fault) => `FAULT: ${fault}`)].join("\n"));
  if (flags.writeBaseline) {
    if (!isUsual) throw new Error("the baseline is of the usual plan: leave the other options out");
    const wrong = Object.fromEntries(
      (quality.measures.undeclared ?? []).map(({ signal, wrongPerThousand }) => [signal, Number(wrongPerThousand.toFixed(3))]),
    );
    writeFileSync(baselineFile, `${JSON.stringify({ undeclaredWrongPerThousand: wrong } satisfies Baseline, null, 2)}\n`);
  }
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await connection.close();
}
