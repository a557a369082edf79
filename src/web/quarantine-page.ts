import type { Request, Response } from "express";
import { UserError } from "../domain/user-error.ts";
import type { Viewer } from "../domain/viewer.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { askForRun, findDueRun } from "../store/due-run.ts";
import { isUuid } from "../store/finding-filter.ts";
import { recordQuarantineLook } from "../store/look.ts";
import { isKey, readKey, showKey, unknownKey } from "../store/quarantine-key.ts";
import {
  countQuarantineKinds,
  findQuarantinedWhole,
  listQuarantinePage,
  type QuarantineCursor,
  type QuarantineFilter,
} from "../store/quarantine-page.ts";
import type { QuarantinedWhole } from "../store/quarantine.ts";
import { getSite } from "../store/site.ts";
import { queryOf, sendPage, settingsOf, type PageParts } from "./page-frame.ts";
import { layOut, viewCount, viewFilter, viewQuarantined } from "./quarantine-view.ts";
import { viewAskedRun } from "./runs-view.ts";

const shownOnPage = 50;

/** `/quarantine`: how much of each kind could not be used, the list, and a form that asks for another try. */
export async function quarantinePage(parts: PageParts, request: Request, response: Response): Promise<void> {
  const viewer = viewerOf(request);
  const query = queryOf(request);
  const filter = readFilter(query);
  const after = readCursor(query.get("after"));
  const page = await listQuarantinePage(parts.db, viewer, filter, { limit: shownOnPage, after });
  const asked = query.get("asked") ?? "";
  const due = isUuid(asked) ? await findDueRun(parts.db, asked) : undefined;
  const counts = await countQuarantineKinds(parts.db, viewer, {});
  const view = {
    counts: counts.map(viewCount),
    total: counts.reduce((sum, { count }) => sum + count, 0),
    filter: viewFilter(filter),
    rows: page.quarantined.map((row) => viewQuarantined(row, settingsOf(parts, row.site).timeZone)),
    sites: [...new Set(counts.map(({ site }) => site))].sort().map((name) => ({ value: name, text: name })),
    asked: due?.kind === "replay" && viewAskedRun(due),
    id: parts.makeId(),
    firstHref: after && addressOf(query, undefined),
    nextHref: page.next && addressOf(query, page.next),
  };
  await sendPage(parts, request, response, { template: "quarantine.njk", title: "Quarantine", part: "quarantine", view });
}

/** `/quarantine/{key}`: one whole. It may be a patient's record, so the look is recorded first. */
export async function quarantinedPage(parts: PageParts, request: Request<{ key: string }>, response: Response): Promise<void> {
  const viewer = viewerOf(request);
  const found = await getWhole(parts, viewer, request.params.key);
  const { siteId } = await getSite(parts.db, found.site);
  await recordQuarantineLook(parts.db, viewer, {
    id: parts.makeId(),
    siteId,
    key: found.key,
    how: "quarantine page",
    at: parts.clock(),
  });
  const view = { row: viewQuarantined(found, settingsOf(parts, found.site).timeZone), body: layOut(found), id: parts.makeId() };
  await sendPage(parts, request, response, { template: "quarantined.njk", title: "In quarantine", part: "quarantine", view });
}

/** Another try is a run that somebody asks for, and the worker comes. */
export async function askReplay(parts: PageParts, request: Request, response: Response): Promise<void> {
  const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const viewer = viewerOf(request);
  const found = typeof body["key"] === "string" ? await getWhole(parts, viewer, body["key"]) : undefined;
  const counts = await countQuarantineKinds(parts.db, viewer, {});
  const site = found?.site ?? counts.find((each) => each.site === body["site"])?.site;
  if (site === undefined)
    throw new UserError("site-unknown", "Nothing of that site is in quarantine any more.", "Choose one of those on the page Quarantine.");
  const { siteId } = await getSite(parts.db, site);
  const id = typeof body["id"] === "string" && isUuid(body["id"]) ? body["id"] : parts.makeId();
  const keys = found && [found.key];
  const due = await askForRun(parts.db, { siteId, kind: "replay", at: parts.clock(), by: viewer.person, id, keys });
  response.redirect(303, `/quarantine?asked=${due.id}`);
}

/** @throws UserError `quarantine-key` */
async function getWhole({ db }: PageParts, viewer: Viewer, text: string): Promise<QuarantinedWhole> {
  const found = isKey(text) ? await findQuarantinedWhole(db, viewer, readKey(text)) : undefined;
  if (!found) throw unknownKey(text);
  return found;
}

function readFilter(query: URLSearchParams): QuarantineFilter {
  const of = (name: string): readonly string[] | undefined =>
    query.has(name) ? query.getAll(name).filter((each) => each !== "") : undefined;
  return { sites: of("site"), codes: of("code"), types: of("type") };
}

function readCursor(text: string | null): QuarantineCursor | undefined {
  if (text === null || text === "") return undefined;
  const [since = "", key = ""] = text.split(".");
  if (/^-?\d{1,15}$/.test(since) && isKey(key)) return { since: Number(since), key: readKey(key) };
  throw new UserError("not-a-cursor", "This address of a later page is not whole.", "Go to the first page of the quarantine.");
}

function addressOf(query: URLSearchParams, next: QuarantineCursor | undefined): string {
  const kept = new URLSearchParams([...query].filter(([name]) => ["site", "code", "type"].includes(name)));
  if (next) kept.set("after", `${next.since}.${showKey(next.key)}`);
  const text = kept.toString();
  return text === "" ? "/quarantine" : `/quarantine?${text}`;
}
