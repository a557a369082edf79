import { join } from "node:path";
import type { Resource } from "../../fixtures/case.ts";
import { listResources } from "../ci-only/count-resources.ts";
import { loadRecords, type Loaded } from "./load-records.ts";

const hospital = join(import.meta.dirname, "../../fixtures/hospital");

/** Everything in the files of a site of the fixture hospital, into the server. */
export async function loadHospital(base: string, site: string): Promise<Loaded[]> {
  return loadRecords(base, resourcesIn(join(hospital, site)));
}

/** The resources of a folder, those without a usable shape left out. */
export function resourcesIn(folder: string): Resource[] {
  return [...listResources(folder)].flatMap(({ resource }) => (resource === undefined ? [] : [resource as Resource]));
}
