import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimes, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../domain/user-error.ts";
import { describeSelf, judgeOwner } from "./lock-owner.ts";
import type { LockOwner } from "./lock-owner.ts";

/** Locks appear whole, so one that is not lost its content when the machine went down, and its owner with it. */
const lostOwner: LockOwner = { ...describeSelf("lost"), pid: 0, boot: "lost" };

export interface Lock {
  readonly release: () => Promise<void>;
}

type Wait = (delayMs: number) => Promise<void>;

const heartbeatMs = 2_000;
/** How long a heartbeat must fail before an owner that cannot be seen otherwise counts as dead. */
const silenceMs = 15_000;

/**
 * Takes the lock file at `path` for this process, or throws the UserError `embedded-database-held`, which names the
 * owner. The lock of a process that died is taken over, by one process only, however many try.
 */
export async function acquireLock(path: string, wait: Wait = sleep): Promise<Lock> {
  const self = describeSelf(randomUUID());
  for (;;) {
    if (createLock(path, self)) return keepLock(path, self);
    const owner = readOwner(path);
    if (owner === undefined) continue; // Released since.
    if (!(await isDead(path, owner, wait))) throw heldError(path, owner);
    await replaceDead(path, owner, self, wait);
  }
}

/** Written aside and linked into place: whoever sees the file sees all of it, and the link fails where there is one. */
function createLock(path: string, self: LockOwner): boolean {
  const draft = writeDraft(path, self);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return readOwner(path)?.token === self.token;
    throw error;
  } finally {
    rmSync(draft);
  }
}

/**
 * Puts our lock in the dead owner's place. Two that found it dead must not both do so: each needs the right to take
 * over, itself a lock of the same kind (whose owner may die, and so on), and looks again once it has it. Nobody else
 * can then change a dead process's lock.
 */
async function replaceDead(path: string, dead: LockOwner, self: LockOwner, wait: Wait): Promise<void> {
  const right = await acquireWhenFree(`${path}.takeover`, wait);
  try {
    if (readOwner(path)?.token === dead.token) renameSync(writeDraft(path, self), path);
  } finally {
    await right.release();
  }
}

async function acquireWhenFree(path: string, wait: Wait): Promise<Lock> {
  for (;;) {
    try {
      return await acquireLock(path, wait);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // Held for the time of two small writes.
      await wait(20);
    }
  }
}

function keepLock(path: string, self: LockOwner): Lock {
  let beats = 0;
  const heartbeat = setInterval(() => {
    // Not the time: only that it changes matters. A beat that fails costs nothing by itself.
    beats += 1;
    utimes(path, beats, beats, () => {});
  }, heartbeatMs);
  heartbeat.unref();
  return {
    release: () => {
      clearInterval(heartbeat);
      if (readOwner(path)?.token === self.token) rmSync(path);
      return Promise.resolve();
    },
  };
}

async function isDead(path: string, owner: LockOwner, wait: Wait): Promise<boolean> {
  const judged = judgeOwner(owner);
  if (judged !== "hidden") return judged === "dead";
  const before = readBeat(path);
  await wait(silenceMs);
  return readOwner(path)?.token === owner.token && readBeat(path) === before;
}

function heldError(path: string, owner: LockOwner): UserError {
  const who = owner.pid === process.pid && judgeOwner(owner) === "alive" ? "this process itself" : `process ${owner.pid}`;
  const isElsewhere = judgeOwner(owner) === "elsewhere";
  return new UserError(
    "embedded-database-held",
    `The embedded database ${path.replace(/\.lock$/, "")} is in use by ${who} on ${owner.host}, running since ${owner.startedAt}.`,
    "Ask the running server instead, or stop that process, or set DATABASE_URL to use PostgreSQL, which many processes can share." +
      (isElsewhere ? ` If ${owner.host} no longer runs it, delete ${path}.` : ""),
  );
}

function writeDraft(path: string, self: LockOwner): string {
  const draft = `${path}.${self.token}`;
  writeFileSync(draft, `${JSON.stringify(self, null, 2)}\n`);
  return draft;
}

function readOwner(path: string): LockOwner | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as LockOwner;
  } catch {
    return lostOwner;
  }
}

function readBeat(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
