import type { HttpParts } from "../http/http-parts.ts";
import type { Viewer } from "../domain/viewer.ts";
import { listSeenSites, type SeenSite } from "../insight/seen-sites.ts";
import type { QuietSites } from "../store/quiet-sites.ts";

/** Of every site that the viewer may see: those read, and those that are configured and were never read. */
export async function readSeen(
  { db, config }: Pick<HttpParts, "db" | "config">,
  { sites }: Viewer,
  quiet?: QuietSites,
): Promise<SeenSite[]> {
  const seen = await listSeenSites(db, undefined, quiet);
  const unread = config.sites.filter(({ name }) => !seen.some(({ site }) => site === name)).map(({ name }) => ({ site: name }));
  return [...seen, ...unread].filter(({ site }) => sites === "all" || sites.includes(site)).sort((a, b) => (a.site < b.site ? -1 : 1));
}
