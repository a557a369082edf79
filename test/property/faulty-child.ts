/** A process of its own that scans servers as it is told, order by order, to be killed in the middle of one. */
import { connect, type Connection } from "../../src/db/connect.ts";
import { UserError } from "../../src/domain/user-error.ts";
import { listCoverage } from "../../src/store/coverage.ts";
import { getSite } from "../../src/store/site.ts";
import { scanServer, type ServerScan } from "../worker/scan-server.ts";
import { countStatements } from "./count-statements.ts";
import { readOutcome, readStored, type Outcome } from "./outcome.ts";
import { waitForTheDead } from "./wait-for-the-dead.ts";

export interface FaultyOrders {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Absent: tell what is held, and let go of the database. */
  readonly scan?: Omit<ServerScan, "clock">;
  readonly site: string;
  /** Where our clock stands. */
  readonly clockAt: number;
  /** For the beginning of an answer, and each part of it; absent: as usual. */
  readonly timeoutMs?: number;
  /** The statement that it does not live to send. */
  readonly dieAt?: number;
}

/** What a scan came to, or all that is held. */
export interface PullWord {
  /** `all given`, `part given`, or the code of what made it impossible. */
  readonly ended: string;
  readonly statements: number;
  readonly end?: PullEnd;
}

export interface PullEnd {
  readonly outcome: Outcome;
  readonly stored: readonly Readonly<Record<string, unknown>>[];
  readonly coverage: readonly object[];
}

/** Of a disturbed scan: each failure is waited for, and a run that has had so many leaves the rest to the next. */
const mostFailures = 12;

let held: { readonly key: string; readonly connection: Connection } | undefined;

process.on("message", (orders: FaultyOrders) => {
  void obey(orders).then((word) => process.send?.(word));
});
process.on("disconnect", () => void letGo());

async function obey(orders: FaultyOrders): Promise<PullWord> {
  const connection = await open(orders);
  if (orders.scan === undefined) {
    const end = await readEnd(connection, orders.site);
    await letGo();
    return { ended: "read", statements: 0, end };
  }
  let statements = 0;
  const counted = countStatements(connection, (number) => {
    statements = number;
    if (number === orders.dieAt) process.kill(process.pid, "SIGKILL");
  });
  const ended = await scan(counted, orders.scan, orders);
  return { ended, statements };
}

async function scan(connection: Connection, told: Omit<ServerScan, "clock">, { clockAt, timeoutMs }: FaultyOrders): Promise<string> {
  try {
    const { run } = await scanServer(connection, {
      ...told,
      ...(timeoutMs !== undefined && { patience: impatient(timeoutMs), budget: { failures: mostFailures } }),
      clock: () => clockAt,
    });
    return run.notes.failedWindows.length + run.notes.serverRemarks.length === 0 ? "all given" : "part given";
  } catch (error) {
    // It said what is the matter before it had read anything.
    if (error instanceof UserError) return error.code;
    throw error;
  }
}

function impatient(timeoutMs: number): NonNullable<ServerScan["patience"]> {
  return { timeoutMs, bodyMs: timeoutMs, waitsMs: [0], sleep: () => Promise.resolve() };
}

async function readEnd({ db }: Connection, site: string): Promise<PullEnd> {
  const { siteId } = await getSite(db, site);
  return { outcome: await readOutcome(db), stored: await readStored(db), coverage: await listCoverage(db, siteId) };
}

async function open({ databaseUrl, dataDir }: FaultyOrders): Promise<Connection> {
  const key = `${databaseUrl ?? ""} ${dataDir}`;
  if (held?.key === key) return held.connection;
  await letGo();
  const connection = await connect({ databaseUrl, dataDir });
  await waitForTheDead(connection);
  held = { key, connection };
  return connection;
}

async function letGo(): Promise<void> {
  const connection = held?.connection;
  held = undefined;
  await connection?.close();
}
