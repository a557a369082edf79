import { readFileSync } from "node:fs";
import { UserError } from "../domain/user-error.ts";
import { compileMapping, type Mapping } from "./mapping.ts";
import type { WrittenMapping } from "./mapping-schema.ts";
import { parseMapping, parseSiteMapping } from "./parse-mapping.ts";

let written: WrittenMapping | undefined;
let mapping: Mapping | undefined;

/** The default mapping, read once. */
export function getDefaultMapping(): Mapping {
  mapping ??= compileMapping(readDefault());
  return mapping;
}

/**
 * The default mapping with a site's own file over it; without one, the default.
 * @throws UserError `mapping`, with every problem of the file and its place
 */
export function readMapping(file: string | undefined): Mapping {
  return file === undefined ? getDefaultMapping() : compileMapping(parseSiteMapping(readText(file), file, readDefault()));
}

function readDefault(): WrittenMapping {
  written ??= parseMapping(readFileSync(new URL("./default-mapping.yaml", import.meta.url), "utf8"), "default-mapping.yaml");
  return written;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    throw new UserError(
      "mapping",
      code === "ENOENT" ? `There is no mapping file ${file}.` : `The mapping file ${file} cannot be read (${String(code)}).`,
      "Correct mapping at the site in followthrough.yaml (a path relative to that file), or leave the line out to use the default mapping.",
      { cause },
    );
  }
}
