import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Lane } from "./lane.ts";

/** Which suite noticed; none: it survived them all. */
export interface Verdict {
  readonly by: string | undefined;
}

interface Suite {
  readonly name: string;
  readonly files: readonly string[];
  /** How many random hospitals it tries. */
  readonly seeds?: number;
}

/** The quick ones first; each stops at its first failure. */
const suites: readonly Suite[] = [
  { name: "examples", files: ["test/signals/", "test/domain/"] },
  { name: "reference", files: ["test/property/reference.test.ts"], seeds: 25 },
  { name: "incremental", files: ["test/property/incremental.test.ts"], seeds: 8 },
];
/** A defect that keeps a scan from ending is noticed by this. */
const limitMs = 120_000;

export async function runSuites(lane: Lane): Promise<Verdict> {
  for (const suite of suites) if (!(await passes(lane, suite))) return { by: suite.name };
  return { by: undefined };
}

/** So few hospitals need not show every verdict: the tests that count them are left out. */
async function passes({ folder }: Lane, { files, seeds }: Suite): Promise<boolean> {
  const program = join(folder, "node_modules/vitest/vitest.mjs");
  const options = [
    "run",
    ...files,
    "--bail=1",
    "--maxWorkers=1",
    "--reporter=dot",
    ...(seeds === undefined ? [] : ["--testNamePattern=seed \\d"]),
  ];
  const env = { ...process.env, ...(seeds !== undefined && { FOLLOWTHROUGH_SEEDS: String(seeds) }) };
  const running = spawn(process.execPath, [program, ...options], {
    cwd: folder,
    env,
    stdio: "ignore",
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  const [code] = (await once(running, "exit")) as [number | null];
  return code === 0;
}
