import { readFileSync } from "node:fs";
import { parseMapping } from "./mapping.ts";
import type { Mapping } from "./mapping.ts";

let mapping: Mapping | undefined;

/** The default mapping, read once: the one file that this folder opens. */
export function getDefaultMapping(): Mapping {
  mapping ??= parseMapping(readFileSync(new URL("./default-mapping.yaml", import.meta.url), "utf8"), "default-mapping.yaml");
  return mapping;
}
