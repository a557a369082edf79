import { randomUUID } from "node:crypto";
import { makeProgram } from "../../src/commands/program.ts";
import { reportFailure } from "../../src/commands/report-failure.ts";
import { makeRuntime } from "../../src/commands/runtime.ts";
import type { Ended } from "./run-followthrough.ts";

const clock = Date.parse("2026-03-20T12:00:00Z");

/** Runs a command in this process, on a clock that stands still: what `main.ts` does, less the process. */
export async function runHere(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
  const ended = { code: 0, stdout: "", stderr: "" };
  const runtime = makeRuntime({
    env,
    clock: () => clock,
    makeId: randomUUID,
    random: () => 0,
    out: (text) => (ended.stdout += text.endsWith("\n") ? text : `${text}\n`),
    err: (text) => (ended.stderr += text.endsWith("\n") ? text : `${text}\n`),
    isTerminal: false,
    setExitCode: (code) => (ended.code = code),
    onStop: () => undefined,
  });
  try {
    await makeProgram(runtime).parseAsync(args, { from: "user" });
  } catch (error) {
    ended.code = reportFailure(error, runtime);
  }
  return ended;
}
