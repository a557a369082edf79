import { readFileSync } from "node:fs";
import pg from "pg";

const everyMs = 100;
/** What the kernel counts processor time in. */
const ticksASecond = 100;

/**
 * Adds up the processor time of the server's processes for one database, as far as they run on this machine and may be
 * looked at (Linux). The answer comes when the watching is stopped.
 */
export function watchServer(databaseUrl: string | undefined): () => Promise<number | undefined> {
  if (databaseUrl === undefined) return () => Promise.resolve(undefined);
  const taken = new Map<number, number>();
  const life = { isOver: false };
  const watching = watch();

  async function watch(): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    const look = async (): Promise<void> => {
      const { rows } = await client.query<{ pid: number }>(
        "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type <> 'autovacuum worker'",
      );
      for (const { pid } of rows) {
        const now = secondsOf(pid);
        if (now !== undefined) taken.set(pid, now);
      }
    };
    // At least once, and once more at the end: whoever stops it at once is told what had been taken so far.
    for (;;) {
      const isLast = life.isOver;
      await look();
      if (isLast) break;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    await client.end();
  }

  return async () => {
    life.isOver = true;
    await watching;
    return taken.size === 0 ? undefined : [...taken.values()].reduce((sum, seconds) => sum + seconds, 0);
  };
}

function secondsOf(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / ticksASecond;
  } catch {
    return undefined;
  }
}
