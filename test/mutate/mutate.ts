/**
 * Breaks detection in one way after another, each a patch beside this file, and sees that the tests notice. Exits 1
 * where a defect survives, a patch no longer applies, or the tests fail on what is not broken.
 * `--refresh` makes the patches anew from `mutations.ts`; names after it, or alone, run only those.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { closeLane, openLane, patchLane, type Lane } from "./lane.ts";
import { makePatches } from "./make-patches.ts";
import { runSuites, type Verdict } from "./run-suites.ts";

const root = join(import.meta.dirname, "../..");
const folder = import.meta.dirname;
/** CI has two cores. */
const lanesAtOnce = 2;

const { values, positionals } = parseArgs({ options: { refresh: { type: "boolean" } }, allowPositionals: true });
if (values.refresh) makePatches(root, folder);
process.exitCode = values.refresh && positionals.length === 0 ? 0 : await mutate(positionals);

interface Row {
  readonly name: string;
  readonly outcome: Verdict | "does not apply";
  readonly seconds: number;
}

async function mutate(only: readonly string[]): Promise<number> {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".patch"))
    .map((file) => file.slice(0, -".patch".length))
    .filter((name) => only.length === 0 || only.includes(name));
  const lanes = Array.from({ length: lanesAtOnce }, () => openLane(root));
  try {
    const [first] = lanes;
    const whole = first && (await runSuites(first));
    console.log(`unbroken: ${whole?.by === undefined ? "the tests pass" : `the tests fail (${whole.by})`}`);
    if (whole?.by !== undefined || names.length === 0) return 1;
    const waiting = [...names];
    const rows: Row[] = [];
    await Promise.all(
      lanes.map(async (lane) => {
        for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) rows.push(show(await tryPatch(lane, name)));
      }),
    );
    const survivors = rows.filter(({ outcome }) => outcome === "does not apply" || outcome.by === undefined);
    console.log(
      `${rows.length - survivors.length} killed, ${survivors.length} survived or did not apply${survivors.map((row) => `\n  ${row.name}`).join("")}`,
    );
    return survivors.length === 0 ? 0 : 1;
  } finally {
    lanes.forEach(closeLane);
  }
}

async function tryPatch(lane: Lane, name: string): Promise<Row> {
  const started = performance.now();
  const path = join(folder, `${name}.patch`);
  const undo = patchLane(lane, path);
  const outcome = undo === undefined ? "does not apply" : await runSuites(lane);
  undo?.();
  return { name, outcome, seconds: (performance.now() - started) / 1_000 };
}

function show(row: Row): Row {
  const { name, outcome, seconds } = row;
  const said =
    outcome === "does not apply"
      ? "DOES NOT APPLY: npm run mutate -- --refresh"
      : outcome.by === undefined
        ? "SURVIVED"
        : `killed by ${outcome.by}`;
  const breaks = /^Breaks: (.*)/.exec(readFileSync(join(folder, `${name}.patch`), "utf8"))?.[1] ?? "";
  console.log(`${name.padEnd(26)} ${said.padEnd(24)} ${seconds.toFixed(0).padStart(3)} s  ${breaks}`);
  return row;
}
