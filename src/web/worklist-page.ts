import type { Request, Response } from "express";
import { worklistVerdicts } from "../domain/verdict.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { readFindingFilter, readKnownNames, type KnownNames } from "../insight/read-finding-filter.ts";
import type { SeenSite } from "../insight/seen-sites.ts";
import { listUnknownCauses } from "../insight/unknown-cause.ts";
import { listCases } from "../store/case.ts";
import { countFindings } from "../store/held-back.ts";
import { recordLook } from "../store/look.ts";
import { readShownNames } from "../store/newest-facts.ts";
import { everySite, readQuietSites, type QuietSites } from "../store/quiet-sites.ts";
import { recallOne } from "../store/recall.ts";
import { listUnknowns } from "../store/unknown.ts";
import { queryOf, sendPage, settingsOf, type PageParts } from "./page-frame.ts";
import { readSeen } from "./read-seen.ts";
import { readSiteContexts } from "./read-site-context.ts";
import { isSeenWhole } from "./seen-view.ts";
import { readWorklistQuery, toWrittenFilter } from "./worklist-query.ts";
import { viewWorklist, type WorklistParts } from "./worklist-view.ts";
import { everySignal } from "../insight/shown-catalogue.ts";

const casesOnPage = 50;

/** `/`: the cases with something missed, the most urgent first. */
export async function worklistPage(parts: PageParts, request: Request, response: Response): Promise<void> {
  const { db } = parts;
  const viewer = viewerOf(request);
  const now = parts.clock();
  const quiet = await readQuietSites(db);
  const seen = await readSeen(parts, viewer, quiet);
  const known = await readKnownNames(db, viewer, parts.config, quiet);
  const query = readWorklistQuery(queryOf(request));
  const filter = readFindingFilter(toWrittenFilter(query), known, parts.config, (part) => `The ${part}`);
  const page = await listCases(db, viewer, filter, { limit: casesOnPage, ...(query.after && { after: query.after }) }, quiet);
  const findings = page.cases.flatMap((each) => each.findings);
  await recordLook(db, viewer, { how: "worklist page", shown: findings, at: now }, parts.makeId);
  const unknowns = await listUnknowns(db, viewer, filter, quiet);
  const view = viewWorklist({
    query,
    page,
    counts: await countFindings(db, viewer, { ...filter, verdicts: worklistVerdicts }),
    unknowns: listUnknownCauses(unknowns),
    contexts: await readSiteContexts(parts, findings, quiet),
    signals: everySignal(parts.config),
    known,
    teamNames: await readTeamNames(parts, known, quiet),
    seen: howMuch(parts, seen, query.site),
    now,
  });
  await sendPage(parts, request, response, { template: "worklist.njk", title: "Worklist", part: "worklist", view }, seen);
}

/** Of the site asked for, else of all: as the warning above the page has it. */
function howMuch(parts: PageParts, seen: readonly SeenSite[], site: string | undefined): WorklistParts["seen"] {
  const asked = seen.filter((each) => site === undefined || each.site === site);
  if (asked.every(({ judged }) => judged === undefined)) return "nothing";
  return asked.every((each) => isSeenWhole(each, settingsOf(parts, each.site), parts.clock())) ? "all" : "part";
}

/** A team of two sites is called as the first of them calls it. */
async function readTeamNames(
  { db }: Pick<PageParts, "db">,
  { sites, teams }: KnownNames,
  quiet: QuietSites,
): Promise<ReadonlyMap<string, string>> {
  const asked = { site: everySite, key: JSON.stringify([sites, teams]) };
  return recallOne(db, quiet, "teams", asked, async () => {
    const names = new Map<string, string>();
    for (const site of sites) for (const [key, name] of await readShownNames(db, site, teams)) if (!names.has(key)) names.set(key, name);
    return names;
  });
}
