import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { Ended } from "./run-followthrough.ts";

const root = join(import.meta.dirname, "../..");

/** A process that runs until it is stopped. */
export interface Started {
  /** The first line of standard output that matches and was not asked for yet; rejects where the process ends before. */
  readonly line: (pattern: RegExp) => Promise<string>;
  /** Sends the signal; how it ended, with all that it wrote. */
  readonly stop: (signal: NodeJS.Signals) => Promise<Ended>;
  /** How it ends by itself, with all that it wrote. */
  readonly end: () => Promise<Ended>;
}

/** Starts the real process, as `npm run -s followthrough --` does. */
export function startFollowthrough(env: Readonly<Record<string, string>>, args: readonly string[]): Started {
  const child = spawn(process.execPath, ["--require", "./src/node-check.cjs", "src/main.ts", ...args], { cwd: root, env: { ...env } });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const end = async (): Promise<Ended> => ({ code: await ended, stdout, stderr });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    line: async (pattern) => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`It ended, and never said ${pattern.source}. ${stderr}`);
        if (pattern.test(value)) return value;
      }
    },
    stop: (signal) => {
      child.kill(signal);
      return end();
    },
    end,
  };
}
