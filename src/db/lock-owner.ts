import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Who holds a lock file, as written in it. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, ISO 8601, for people. */
  readonly startedAt: string;
  /** The boot of the machine; undefined where the system does not tell (not Linux). */
  readonly boot: string | undefined;
  /** The space in which the pid counts: containers have their own. */
  readonly pidSpace: string | undefined;
  /** The same in clock ticks since boot: tells it from a later process given the same pid. */
  readonly processStart: string | undefined;
  /** Tells two locks of one process apart. */
  readonly token: string;
}

/** This process, as the owner of a lock. */
export function describeSelf(token: string): LockOwner {
  return {
    pid: process.pid,
    host: hostname(),
    startedAt: new Date(performance.timeOrigin).toISOString(),
    boot: readBoot(),
    pidSpace: readPidSpace(),
    processStart: readProcessStart(process.pid),
    token,
  };
}

/**
 * `alive` and `dead` are certain. `hidden`: on this machine, in another container, so that only the lock's heartbeat
 * can tell. `elsewhere`: on another machine, so that nothing can.
 */
export function judgeOwner(owner: LockOwner): "alive" | "dead" | "hidden" | "elsewhere" {
  const boot = readBoot();
  const isSameHost = owner.host === hostname();
  if (owner.boot !== boot) return isSameHost ? "dead" : "elsewhere";
  if (boot === undefined && !isSameHost) return "elsewhere";
  if (owner.pidSpace !== readPidSpace()) return "hidden";
  if (!isRunning(owner.pid)) return "dead";
  return owner.processStart === readProcessStart(owner.pid) ? "alive" : "dead";
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Refused is not gone: the process of another user.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function readBoot(): string | undefined {
  return orUndefined(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
}

function readPidSpace(): string | undefined {
  return orUndefined(() => readlinkSync("/proc/self/ns/pid"));
}

/** Field 22 of the process's stat; the second, its name, may itself hold blanks and brackets. */
function readProcessStart(pid: number): string | undefined {
  return orUndefined(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  });
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
