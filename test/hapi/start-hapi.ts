import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Hapi {
  /** Base URL of the FHIR API, without a slash at its end. */
  readonly base: string;
  readonly stop: () => Promise<void>;
}

/** The first start on a machine downloads 250 jars and compiles; any later one took 11 s on two idle cores. */
const defaultDeadlineMs = 280_000;

/**
 * A HAPI FHIR server of its own on a free port, empty, once it answers `/metadata`. It ends with `stop`, and also when
 * this process dies in whatever way: its stdin closes then.
 * @throws Error with the last lines that the server wrote, where it ends or is not ready in time
 */
export async function startHapi(deadlineMs = defaultDeadlineMs): Promise<Hapi> {
  const start = join(import.meta.dirname, "server/start");
  // A group of its own, for Maven and Java are started by a shell.
  const child = spawn(start, ["0", "--while-stdin-is-open"], { detached: true, stdio: ["pipe", "pipe", "pipe"] });
  const exited = once(child, "exit");
  const lines: string[] = [];
  const base = new Promise<string>((resolve) => {
    const hear = (line: string): void => {
      lines.splice(0, lines.push(line) - 20);
      // Maven leaves an escape sequence without a line of its own before it.
      const ready = /HAPI FHIR ready at (\S+)$/.exec(line);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    };
    for (const output of [child.stdout, child.stderr]) createInterface(output).on("line", hear);
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await exited;
  };
  const tooLate = AbortSignal.timeout(deadlineMs);
  try {
    return { base: await Promise.race([base.then((url) => answering(url, tooLate)), failing(exited, tooLate)]), stop };
  } catch (cause) {
    await stop();
    throw new Error(`The HAPI FHIR server did not start. Its last lines:\n${lines.join("\n")}`, { cause });
  }
}

async function answering(base: string, signal: AbortSignal): Promise<string> {
  const { status } = await fetch(`${base}/metadata`, { signal });
  if (status !== 200) throw new Error(`/metadata answered ${status}`);
  return base;
}

async function failing(exited: Promise<unknown[]>, tooLate: AbortSignal): Promise<never> {
  await Promise.race([exited, once(tooLate, "abort")]);
  throw new Error(tooLate.aborted ? "it was not ready in time" : "it ended");
}
