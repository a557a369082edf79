import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { CompiledQuery } from "kysely";
import { CopyData } from "../../src/db/copy-in.ts";
import { connect } from "../../src/db/connect.ts";

/**
 * The least that any reader must do: parse every line, and put the same rows into the same tables. In as many
 * transactions as there are parts; the rows stand ready in the form that COPY takes, so that nothing is spent on making them.
 */
const [feed = "", rows = ""] = process.argv.slice(2);
const connection = await connect({ databaseUrl: process.env["DATABASE_URL"], dataDir: process.env["FOLLOWTHROUGH_DATA"] ?? "memory:" });
const files = readdirSync(feed).filter((name) => /\.ndjson(\.gz)?$/.test(name));
const parts = readdirSync(rows).sort();
let next = 0;
for (const [place, part] of parts.entries()) {
  for (; next < ((place + 1) / parts.length) * files.length; next += 1) {
    const name = files[next] ?? "";
    const bytes = readFileSync(join(feed, name));
    const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    for (const line of text.split("\n")) if (line !== "") JSON.parse(line);
  }
  await connection.db.transaction().execute(async (transaction) => {
    for (const name of readdirSync(join(rows, part))) {
      const data = new CopyData(readFileSync(join(rows, part, name)));
      await transaction.executeQuery(CompiledQuery.raw(`copy "${name}" from stdin (format binary)`, [data]));
    }
  });
}
await connection.close();
