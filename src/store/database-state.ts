import { isMigrated, migrationsFolder } from "../db/migrate.ts";
import type { Db } from "./db.ts";

/** Whether the database can be worked with; `silent`: it does not answer. */
export async function readDatabaseState(db: Db): Promise<"ready" | "not-migrated" | "silent"> {
  try {
    return (await isMigrated(db, migrationsFolder)) ? "ready" : "not-migrated";
  } catch {
    return "silent";
  }
}
