import type { Key } from "../domain/facts.ts";
import type { SiteView } from "./detection.ts";

/** Whose a loop is: the team that the site says its organisation or role belongs to; else as the records name it. */
export function teamAtSite({ teams }: Pick<SiteView, "teams">, named: Key | undefined): string | undefined {
  return named === undefined ? undefined : (teams?.get(named) ?? named);
}
