import { connect, type Connection } from "../../src/db/connect.ts";
import { scratchPlace, type ScratchPlace } from "../db/scratch-database.ts";
import { waitForTheDead } from "./wait-for-the-dead.ts";

/** A database for processes that are killed, gone when `work` has ended. */
export async function withScratchPlace<T>(work: (place: ScratchPlace) => Promise<T>): Promise<T> {
  const place = await scratchPlace();
  try {
    return await work(place);
  } finally {
    await place.remove();
  }
}

/** Opens such a database once what was killed on it has let go. */
export async function withConnection<T>(place: ScratchPlace, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connect(place);
  try {
    await waitForTheDead(connection);
    return await work(connection);
  } finally {
    await connection.close();
  }
}
