import { acquireLock } from "../../src/db/lock-file.ts";

// A process of its own for the tests of the lock: tries once, says what came of it, and holds what it got until its input ends.
const [path = ""] = process.argv.slice(2);
process.stdin.resume();
const lock = await acquireLock(path).catch((error: unknown) => {
  process.stdout.write(`${(error as { code?: string }).code ?? String(error)}\n`);
});
if (lock !== undefined) process.stdout.write("taken\n");
process.stdin.once("end", () => void lock?.release());
