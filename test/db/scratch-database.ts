import { connect } from "../../src/db/connect.ts";
import type { Connection } from "../../src/db/connect.ts";
import { scratchFolder } from "./scratch-folder.ts";
import { createScratchPostgres } from "./scratch-postgres.ts";

/** Where a fresh, migrated database is: what `connect` takes, and what a child process gets as environment. */
export interface ScratchPlace {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly remove: () => Promise<void>;
}

/** A fresh, migrated database, not opened yet: for tests of commands that open it themselves. */
export async function scratchPlace(): Promise<ScratchPlace> {
  const serverUrl = process.env["DATABASE_URL"];
  if (serverUrl === undefined || serverUrl === "") return { databaseUrl: undefined, ...(await scratchFolder()) };
  const { databaseUrl, remove } = await createScratchPostgres(serverUrl);
  return { databaseUrl, dataDir: "memory:", remove };
}

/**
 * A fresh, migrated database for one test file: on the server of DATABASE_URL where that is set, else embedded.
 * `close` also removes it.
 */
export async function scratchDatabase(): Promise<Connection> {
  const place = await scratchPlace();
  const connection = await connect(place);
  return {
    ...connection,
    close: async () => {
      await connection.close();
      await place.remove();
    },
  };
}
