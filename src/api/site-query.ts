import { z } from "zod";
import type { Viewer } from "../domain/viewer.ts";
import type { HttpParts } from "../http/http-parts.ts";
import { readFilterOf } from "./finding-query.ts";

export const siteQuery = {
  site: z.array(z.string()).optional().meta({ description: "Name of a site; may be given several times" }),
};

/** @throws UserError `unknown-filter-value` */
export async function readSites(
  parts: HttpParts,
  viewer: Viewer,
  site: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  return (await readFilterOf(parts, viewer, { site })).sites;
}
