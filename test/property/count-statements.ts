import { TableNode, UpdateQueryNode, type KyselyPlugin, type OperationNode } from "kysely";
import type { Connection } from "../../src/db/connect.ts";

/** The same connection, that calls `hear` with the number of every statement, and what it updates by the builder, before it is sent. */
export function countStatements(connection: Connection, hear: (number: number, updates?: string) => void): Connection {
  let number = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      number += 1;
      hear(number, updatedTable(node));
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  return { ...connection, db: connection.db.withPlugin(plugin) };
}

function updatedTable(node: OperationNode): string | undefined {
  const table = UpdateQueryNode.is(node) ? node.table : undefined;
  return table !== undefined && TableNode.is(table) ? table.table.identifier.name : undefined;
}
