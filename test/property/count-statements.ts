import type { KyselyPlugin } from "kysely";
import type { Connection } from "../../src/db/connect.ts";

/** The same connection, that calls `hear` with the number of every statement before it is sent. */
export function countStatements(connection: Connection, hear: (number: number) => void): Connection {
  let number = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      number += 1;
      hear(number);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  return { ...connection, db: connection.db.withPlugin(plugin) };
}
