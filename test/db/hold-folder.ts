import { connect } from "../../src/db/connect.ts";

// A process of its own for the tests of the lock: opens the folder, writes without end, and says what it has committed.
const [dataDir = ""] = process.argv.slice(2);
const { sql } = await import("kysely");
const { db } = await connect({ dataDir });
await sql`create table if not exists kept (number integer primary key)`.execute(db);
for (let number = 1; ; number += 1) {
  await sql`insert into kept values (${number})`.execute(db);
  process.stdout.write(`${number}\n`);
}
