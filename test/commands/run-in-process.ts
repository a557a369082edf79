import { randomUUID } from "node:crypto";
import { Command } from "commander";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { Runtime } from "../../src/commands/runtime.ts";
import { hospitalNow } from "../store/scanned-hospital.ts";

export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number | undefined;
}

/** Runs one command on an open database, which it leaves open; what it throws is the caller's. */
export async function runInProcess(
  connection: Connection,
  register: (program: Command, runtime: Runtime) => void,
  args: readonly string[],
  config: Partial<Config> = {},
): Promise<Ran> {
  const ran = { out: "", err: "", code: undefined as number | undefined };
  const line = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  register(program, {
    env: {},
    clock: () => hospitalNow,
    makeId: randomUUID,
    random: () => 0,
    out: (text) => (ran.out += line(text)),
    err: (text) => (ran.err += line(text)),
    isTerminal: false,
    setExitCode: (code) => (ran.code = code),
    onStop: () => undefined,
    openDatabase: () => Promise.resolve({ ...connection, close: () => Promise.resolve() }),
    loadConfig: () => ({ ...loadConfig({ env: {} }), ...config }),
  });
  await program.parseAsync(["node", "followthrough", ...args]);
  return ran;
}
