import { openEmbedded } from "../../src/db/embedded.ts";

// A process of its own for the test of the embedded database's thread.
const { pool } = await openEmbedded("memory:");
await pool.query("select 1");
