import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const sqlFolder = fileURLToPath(new URL("../../sql", import.meta.url));

/** Names a template database: it changes whenever a migration, or the embedded engine, does. */
export function hashMigrations(): string {
  const hash = createHash("sha256");
  // Not PGlite's package.json, which it does not export: the entry point names its chunks by their content.
  hash.update(readFileSync(createRequire(import.meta.url).resolve("@electric-sql/pglite")));
  for (const name of readdirSync(sqlFolder)
    .filter((each) => each.endsWith(".sql"))
    .sort()) {
    hash.update(name).update(readFileSync(join(sqlFolder, name)));
  }
  return hash.digest("hex").slice(0, 12);
}
