import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { watchServer } from "./watch-server.ts";

/** What a whole process took, from its start to its end. */
export interface Usage {
  readonly seconds: number;
  /** Of the process, all its threads together. */
  readonly cpuSeconds: number;
  /** Of the PostgreSQL processes that worked for it; undefined where they run on another machine. */
  readonly serverCpuSeconds: number | undefined;
  /** Resident, of the process. */
  readonly peakMb: number;
  readonly printed: string;
}

/** As `npm run followthrough` starts it. */
export const nodeFlags: readonly string[] = [
  "--max-semi-space-size=4",
  "--heap-growing-percent=50",
  "--require",
  fileURLToPath(new URL("../../src/node-check.cjs", import.meta.url)),
];
const usage = new URL("./report-usage.ts", import.meta.url).href;

/** Runs a program of ours in a process of its own on a database, and measures all of it. */
export async function measureProcess(database: DatabasePlace, program: string, ...parameters: readonly string[]): Promise<Usage> {
  const stopWatching = watchServer(database.databaseUrl);
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, "--import", usage, program, ...parameters], {
    env: {
      ...process.env,
      DATABASE_URL: database.databaseUrl ?? "",
      FOLLOWTHROUGH_DATA: database.dataDir,
      FOLLOWTHROUGH_CONFIG: database.config ?? "",
    },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const heard = [child.stdout, child.stderr, child.stdio[3]].map((stream) => {
    const chunks: Buffer[] = [];
    stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
    return chunks;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const seconds = (performance.now() - started) / 1000;
  const serverCpuSeconds = await stopWatching();
  const [printed = "", complaint = "", used = ""] = heard.map((chunks) => Buffer.concat(chunks).toString());
  // 3: done, though some feed is incomplete.
  if (exitCode !== 0 && exitCode !== 3) throw new Error(`${program} ${parameters.join(" ")} ended with ${exitCode}: ${complaint}`);
  return { seconds, serverCpuSeconds, printed, ...(JSON.parse(used) as { cpuSeconds: number; peakMb: number }) };
}

export interface DatabasePlace {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Of a configuration, where it is not all default. */
  readonly config?: string;
}
