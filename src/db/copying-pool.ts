import type { PostgresPool, PostgresPoolClient } from "kysely";
import pg, { type Connection, type Pool, type PoolClient } from "pg";
import { arrayText, isPlain, keysInBytes } from "./array-text.ts";
import { CopyData, CopyIn } from "./copy-in.ts";
import { throwFailure } from "./database-failure.ts";
import { InTurn } from "./in-turn.ts";
import { transactionAborted } from "./together.ts";

type Ask = (text: string, parameters: readonly unknown[]) => Promise<unknown>;

interface CopyingClient extends PostgresPoolClient {
  readonly ask: Ask;
  /** Before what waits to be sent; where statements are sent behind each other nothing does. */
  readonly askFirst: Ask;
}

interface CopyingPool extends PostgresPool {
  readonly connect: () => Promise<CopyingClient>;
  /** The one that was given out last, whether it is back or not. */
  readonly latest: () => CopyingClient | undefined;
}

/**
 * A pool whose clients also run `copy … from stdin`, its data as the only parameter: pg itself has no such query.
 * @param inTurn one statement is answered before the next is sent, for what is asked in between (`besideOf`)
 */
export function withCopy(pool: Pool, { inTurn }: { readonly inTurn: boolean }): CopyingPool {
  const copying = new WeakMap<PoolClient, CopyingClient>();
  let latest: CopyingClient | undefined;
  return {
    connect: async () => {
      const client = await pool.connect().catch(throwFailure);
      latest = copying.get(client) ?? copyingClient(client, inTurn);
      copying.set(client, latest);
      return latest;
    },
    latest: () => latest,
    end: () => pool.end(),
    options: pool.options,
  };
}

/**
 * The only connection of a pool, for whoever does not wait until it is free: what is asked goes before what waits to be sent, into the
 * transaction that is open. Where a statement of that has failed, so that it takes no other, it is asked again when it has ended.
 */
export function besideOf(pool: CopyingPool): PostgresPool {
  const inTurn: Ask = async (text, parameters) => {
    const client = await pool.connect();
    try {
      return await client.ask(text, parameters);
    } finally {
      client.release();
    }
  };
  /** Its connection may be broken: the pool knows, and gives another. */
  let failed: CopyingClient | undefined;
  const query: Ask = async (text, parameters) => {
    if (beginsTransaction.test(text)) throw new Error("No transaction is begun beside one.");
    const client = pool.latest();
    if (client === undefined || client === failed) return inTurn(text, parameters);
    try {
      return await client.askFirst(text, parameters);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) failed = client;
      else if (error.code === transactionAborted) return inTurn(text, parameters);
      throw error;
    }
  };
  const beside = { query, release: () => undefined } as unknown as PostgresPoolClient;
  return { connect: () => Promise.resolve(beside), end: () => Promise.resolve(), options: pool.options };
}

const beginsTransaction = /^(begin|start transaction)/;

function copyingClient(client: PoolClient, inTurn: boolean): CopyingClient {
  const send: Ask = (text, parameters) => {
    const [data] = parameters;
    const answer =
      data instanceof CopyData ? client.query(new CopyIn(text, data.bytes)).done : client.query(text, parameters.map(asWritten));
    return answer.catch(throwFailure);
  };
  const { processID, connection } = client as unknown as { processID?: number; connection: Connection };
  // In one exchange.
  const turns = new InTurn((begin) => {
    connection.stream.cork();
    begin();
    connection.stream.uncork();
  });
  const sendInTurn: Ask = (text, parameters) => turns.run(() => send(text, parameters), { isLong: parameters[0] instanceof CopyData });
  const sendFirst: Ask = (text, parameters) => turns.run(() => send(text, parameters), { isFirst: true });
  const [ask, askFirst] = inTurn ? [sendInTurn, sendFirst] : [send, send];
  // kysely's own overloads promise more than it calls: a text with its parameters.
  return { query: ask, ask, askFirst, release: (destroy?: boolean) => client.release(destroy), processID } as unknown as CopyingClient;
}

function asWritten(parameter: unknown): unknown {
  if (!Array.isArray(parameter)) return parameter;
  return keysInBytes(parameter) ?? (isPlain(parameter) ? arrayText(parameter) : parameter);
}
