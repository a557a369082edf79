import { siteConfig } from "../config/load-config.ts";
import type { Finding } from "../domain/finding.ts";
import type { HttpParts } from "../http/http-parts.ts";
import { readEncounterPlaces } from "../store/encounter-place.ts";
import { readShownNames } from "../store/newest-facts.ts";
import { readPatientBanners } from "../store/patient-banner.ts";
import { everySite, noneQuiet, type QuietSites } from "../store/quiet-sites.ts";
import { recallMap, recallOne } from "../store/recall.ts";
import { readResultValues } from "../store/result-values.ts";
import { listSites } from "../store/site.ts";
import type { SiteContext } from "./case-row-view.ts";

/** By site: what the records say around these findings, and around those who acted in them. */
export async function readSiteContexts(
  { db, config }: HttpParts,
  findings: readonly Finding[],
  quiet: QuietSites = noneQuiet,
): Promise<Map<string, SiteContext>> {
  const judged = await recallOne(db, quiet, "judged", { site: everySite, key: "" }, async () => {
    return new Map((await listSites(db)).map(({ name, judgedAt }) => [name, judgedAt ?? 0]));
  });
  const contexts = new Map<string, SiteContext>();
  for (const [site, ofSite] of Map.groupBy(findings, (finding) => finding.site)) {
    const { timeZone, eprLink } = siteConfig(config, site);
    const judgedAt = judged.get(site) ?? 0;
    const results = new Map(ofSite.map((finding) => [finding.id, asResult(finding)]));
    const patients = ofSite.flatMap(({ patient }) => patient ?? []);
    const encounters = ofSite.flatMap(({ encounter }) => encounter ?? []);
    const people = ofSite.flatMap(({ team, evidence }) => [team, ...evidence.flatMap(({ actor }) => actor ?? [])]);
    contexts.set(site, {
      timeZone,
      judgedAt,
      eprLink,
      banners: await recallMap(db, quiet, "banner", site, patients, (missing) => readPatientBanners(db, site, missing)),
      places: await recallMap(db, quiet, "place", site, encounters, (missing) => readEncounterPlaces(db, site, missing)),
      values: await recallMap(db, quiet, "values", site, [...results.keys()], async (missing) => {
        const values = await readResultValues(
          db,
          site,
          missing.flatMap((id) => results.get(id) ?? []),
          judgedAt,
        );
        return new Map([...values].map(([{ id }, found]) => [id, found]));
      }),
      names: await recallMap(db, quiet, "name", site, people, (missing) => readShownNames(db, site, missing)),
    });
  }
  return contexts;
}

function asResult({ id, subject, title, openedAt }: Finding) {
  return { id, subject, title, openedAt: Date.parse(openedAt) };
}
