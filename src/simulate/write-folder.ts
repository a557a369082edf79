import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Coverage } from "./feeds.ts";
import { iso } from "./fhir/iso.ts";
import type { FhirRecord } from "./fhir/record.ts";
import type { Instant } from "./london-time.ts";
import { openLineFiles } from "./line-files.ts";
import { deliver } from "./mess/deliver.ts";
import { makeMess } from "./mess/make-mess.ts";
import type { Outage } from "./mess/outages.ts";
import type { Mess } from "./options.ts";
import type { Told } from "./simulate-hospital.ts";

export interface Telling {
  readonly told: Iterable<Told>;
  readonly seed: number;
  readonly mess: Mess;
  readonly outages: readonly Outage[];
  readonly coverage: Coverage;
}

export interface Written {
  /** Resource versions by type, as written: duplicates count. */
  readonly resources: number;
  readonly patients: number;
  readonly bytes: number;
  /** How many loops of each signal the truth has, by verdict. */
  readonly truth: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const breatheEvery = 500;

/**
 * Writes records, coverage.json and truth.ndjson into a folder, which is made. Lines go out as they come: memory holds
 * some thousand of them, whatever the size of the hospital. Gives way to signals and to the progress bar in between.
 */
export async function writeFolder(folder: string, telling: Telling, isCompressed: boolean): Promise<Written> {
  mkdirSync(folder, { recursive: true });
  const files = openLineFiles(folder, isCompressed);
  const truths = openLineFiles(folder, isCompressed);
  const truth: Record<string, Record<string, number>> = {};
  const count = { resources: 0, patients: 0 };
  function* records(): Generator<FhirRecord> {
    for (const one of telling.told) {
      for (const loop of one.truth) {
        const verdicts = (truth[loop.signal] ??= {});
        verdicts[loop.verdict] = (verdicts[loop.verdict] ?? 0) + 1;
        truths.write("truth", JSON.stringify(loop));
      }
      for (const each of one.series ?? []) truths.write("truth-series", JSON.stringify(spellTimes(each)));
      count.patients += one.patients;
      yield* one.records;
    }
  }
  try {
    for (const { file, text } of deliver(
      makeMess(records(), telling.seed, telling.mess, telling.outages),
      telling.seed,
      telling.mess.declared,
    )) {
      files.write(file, text);
      count.resources += 1;
      if (count.resources % breatheEvery === 0) await setImmediate();
    }
  } finally {
    files.close();
    truths.close();
  }
  writeFileSync(join(folder, "coverage.json"), `${JSON.stringify(spellCoverage(telling.coverage), null, 2)}\n`);
  return { ...count, bytes: files.bytes(), truth };
}

function spellCoverage(coverage: Coverage): Record<string, [string, string][]> {
  const spell = ([from, to]: readonly [Instant, Instant]): [string, string] => [iso(from), iso(to)];
  return Object.fromEntries(Object.entries(coverage).map(([type, intervals]) => [type, intervals.map(spell)]));
}

function spellTimes(each: { readonly from: Instant; readonly to: Instant; readonly storedUntil?: Instant }): object {
  const { from, to, storedUntil } = each;
  return { ...each, from: iso(from), to: iso(to), ...(storedUntil !== undefined && { storedUntil: iso(storedUntil) }) };
}
