import { readdirSync } from "node:fs";
import { join } from "node:path";
import { resourcesIn } from "./load-hospital.ts";
import { loadRecords, type Loaded } from "./load-records.ts";

/** 907 files of public repositories: not ours to copy, so they stand beside the project and only CI has them. */
const corpora = process.env["CORPORA"] ?? join(import.meta.dirname, "../../../shared/corpora");

/**
 * Every resource of the public examples, as far as the server takes them. Its folders one after another, for the same
 * id means different things in several: each then becomes one more version of the one record that the server knows.
 */
export async function loadCorpora(base: string): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  for (const folder of readdirSync(corpora, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    loaded.push(...(await loadRecords(base, resourcesIn(join(corpora, folder.name)))));
  }
  return loaded;
}
