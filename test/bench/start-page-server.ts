import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** In a process of its own, so that what it costs is not ours. */
export async function startPageServer(count: number, latencyMs: number): Promise<{ base: string; stop: () => void }> {
  const program = fileURLToPath(new URL("./page-server.ts", import.meta.url));
  const child = spawn(process.execPath, [program, String(count), String(latencyMs)], { stdio: ["ignore", "pipe", "inherit"] });
  const [base] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { base, stop: () => child.kill() };
}
