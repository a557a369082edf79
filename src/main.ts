import { randomUUID } from "node:crypto";
import { makeProgram } from "./commands/program.ts";
import { reportFailure } from "./commands/report-failure.ts";
import { makeRuntime } from "./commands/runtime.ts";
import { connect, type Connection } from "./db/connect.ts";

/** How long a stop may take to let go of the database; what is committed is safe without. */
const longestStopMs = 3_000;

const open = new Set<Promise<Connection>>();
const stops: (() => Promise<void>)[] = [];
const life = { isStopping: false };

const runtime = makeRuntime(
  {
    env: process.env,
    clock: Date.now,
    makeId: randomUUID,
    random: Math.random,
    out: (text) => process.stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    err: (text) => process.stderr.write(text.endsWith("\n") ? text : `${text}\n`),
    isTerminal: process.stderr.isTTY,
    setExitCode: (code) => {
      process.exitCode = code;
    },
    onStop: (each) => stops.push(each),
  },
  openAndKnow,
);

// `… | head` closes the pipe early: that is no failure, and nobody is left to tell.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  fail(error);
});
process.stderr.on("error", () => {});
process.on("uncaughtException", fail);
process.on("SIGINT", () => void stop(130));
process.on("SIGTERM", () => void stop(143));

try {
  await makeProgram(runtime).parseAsync();
} catch (error) {
  if (!life.isStopping) process.exitCode = reportFailure(error, runtime);
}

/** Connects, and remembers the connection from its beginning until it is closed, so that a stop can let go of it. */
async function openAndKnow(options: Parameters<typeof connect>[0]): Promise<Connection> {
  const opening = connect(options);
  open.add(opening);
  const connection = await opening.catch((error: unknown) => {
    open.delete(opening);
    throw error;
  });
  return {
    ...connection,
    close: () => {
      open.delete(opening);
      return connection.close();
    },
  };
}

/** What is committed is kept, and a scan takes up again from there: so a stop may come at any instant. */
async function stop(signalled: number): Promise<void> {
  // What runs until it is stopped has done its work; anything else was cut short.
  const exitCode = stops.length > 0 ? 0 : signalled;
  if (life.isStopping) process.exit(exitCode);
  life.isStopping = true;
  runtime.err("\nStopped. Nothing is lost: run the same command again to go on.");
  setTimeout(() => process.exit(exitCode), longestStopMs);
  await Promise.allSettled(stops.map((each) => each()));
  await Promise.allSettled([...open].map(async (opening) => (await opening).close()));
  process.exit(exitCode);
}

function fail(error: unknown): void {
  if (life.isStopping) return;
  process.exit(reportFailure(error, runtime));
}
