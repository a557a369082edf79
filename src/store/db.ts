import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";

/** The database, for those who call the store and need to know no more of it. A transaction is one too. */
export type Db = Kysely<Database>;
