import { workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { optimizeNothing, startParams } from "./pglite.ts";

/**
 * Makes a new database in the folder that this thread is started with, and ends. What V8 compiles meanwhile is not optimized, for it would
 * take longer than the making, and whoever opened it in the same thread would go on with that.
 */
optimizeNothing();
const database = await PGlite.create(workerData as string, { startParams });
await database.close();
