import { spawn } from "node:child_process";
import { join } from "node:path";
import type { ScratchPlace } from "../db/scratch-database.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = join(import.meta.dirname, "../..");

/** The environment that leads a process to a scratch database, and to no configuration but the one named. */
export function environmentOf(
  place: Pick<ScratchPlace, "databaseUrl" | "dataDir">,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", DATABASE_URL: place.databaseUrl ?? "", FOLLOWTHROUGH_DATA: place.dataDir, ...more };
}

/** Runs the real process, as `npm run -s followthrough --` does; `onStart` gets hold of it. */
export function runFollowthrough(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  onStart: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--require", "./src/node-check.cjs", "src/main.ts", ...args], { cwd: root, env: { ...env } });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    onStart((signal) => child.kill(signal));
  });
}
