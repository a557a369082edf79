/**
 * `npm run mutate:signals`: changes each clause, limit, condition and rule of every signal of the catalogue in turn, and says how many of
 * these mutants the signal's own examples notice. Exits with 1 where one gets by. The tests of the catalogue ask the same, one test a mutant.
 */
import Table from "cli-table3";
import { readCatalogue, readSeriesCatalogue } from "../../src/signals/catalogue.ts";
import { runExample } from "../../src/signals/run-example.ts";
import { runSeriesExample } from "../../src/signals/run-series-example.ts";
import { seriesMutationsOf } from "./series-mutations.ts";
import { mutationsOf } from "./signal-mutations.ts";

const tried = [
  ...readCatalogue().map(({ signal, examples }) => ({
    id: signal.id,
    examples: examples.length,
    mutants: mutationsOf(signal).map((mutant) => ({
      what: mutant.what,
      isKilled: examples.some((example) => !runExample(mutant, example).passed),
    })),
  })),
  ...readSeriesCatalogue().map(({ signal, examples }) => ({
    id: signal.id,
    examples: examples.length,
    mutants: seriesMutationsOf(signal.series).map(({ what, series }) => ({
      what,
      isKilled: examples.some((example) => !runSeriesExample({ signal: { ...signal, series } }, example).passed),
    })),
  })),
];
const table = new Table({ head: ["signal", "examples", "mutants", "killed"], style: { head: [], border: [] } });
for (const { id, examples, mutants } of tried) {
  table.push([id, examples, mutants.length, mutants.filter(({ isKilled }) => isKilled).length]);
}
const all = tried.flatMap(({ id, mutants }) => mutants.map((mutant) => ({ id, ...mutant })));
const left = all.filter(({ isKilled }) => !isKilled);
console.log(table.toString());
console.log(`${tried.length} signals, ${all.length} mutants, ${all.length - left.length} killed by their examples`);
for (const { id, what } of left) console.log(`NOT NOTICED: ${id}: ${what}`);
process.exitCode = left.length === 0 ? 0 : 1;
