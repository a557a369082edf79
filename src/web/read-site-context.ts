import { siteConfig } from "../config/load-config.ts";
import type { Finding } from "../domain/finding.ts";
import type { HttpParts } from "../http/http-parts.ts";
import { readEncounterPlaces } from "../store/encounter-place.ts";
import { readShownNames } from "../store/newest-facts.ts";
import { readPatientBanners } from "../store/patient-banner.ts";
import { readResultValues } from "../store/result-values.ts";
import { listSites } from "../store/site.ts";
import type { SiteContext } from "./case-row-view.ts";

/** By site: what the records say around these findings, and around those who acted in them. */
export async function readSiteContexts({ db, config }: HttpParts, findings: readonly Finding[]): Promise<Map<string, SiteContext>> {
  const judged = new Map((await listSites(db)).map(({ name, judgedAt }) => [name, judgedAt ?? 0]));
  const contexts = new Map<string, SiteContext>();
  for (const [site, ofSite] of Map.groupBy(findings, (finding) => finding.site)) {
    const { timeZone, eprLink } = siteConfig(config, site);
    const judgedAt = judged.get(site) ?? 0;
    const results = ofSite.map(({ subject, title, openedAt }) => ({ subject, title, openedAt: Date.parse(openedAt) }));
    const people = ofSite.flatMap(({ team, evidence }) => [team, ...evidence.map(({ actor }) => actor)]);
    contexts.set(site, {
      timeZone,
      judgedAt,
      eprLink,
      banners: await readPatientBanners(
        db,
        site,
        ofSite.flatMap(({ patient }) => patient ?? []),
      ),
      places: await readEncounterPlaces(
        db,
        site,
        ofSite.flatMap(({ encounter }) => encounter ?? []),
      ),
      values: await readResultValues(db, site, results, judgedAt),
      names: await readShownNames(
        db,
        site,
        people.filter((key) => key !== null),
      ),
    });
  }
  return contexts;
}
