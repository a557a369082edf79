import type { Connection } from "../db/connect.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { UserError } from "../domain/user-error.ts";
import { listSites, type Site } from "../store/site.ts";
import { commandLine } from "./command-line.ts";

/**
 * The sites of which something is held, or the one named.
 * @throws UserError `nothing-held`, `site-unknown`
 */
export async function heldSites({ db }: Connection, name: string | undefined): Promise<Site[]> {
  const sites = await listSites(db);
  if (sites.length === 0) {
    throw new UserError(
      "nothing-held",
      "Nothing has been read into this database yet.",
      `Read something first: ${commandLine} scan --from FOLDER`,
    );
  }
  if (name === undefined) return sites;
  const named = sites.filter((site) => site.name === name);
  if (named.length > 0) return named;
  const names = sites.map((site) => site.name);
  throw new UserError(
    "site-unknown",
    `Nothing is held of a site "${name}".${didYouMean(name, names) || ` There are: ${names.join(", ")}.`}`,
    `Correct --site, or read it first: ${commandLine} scan --site ${name} --from FOLDER`,
  );
}
