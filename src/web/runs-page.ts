import type { Request, Response } from "express";
import type { Viewer } from "../domain/viewer.ts";
import { UserError } from "../domain/user-error.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { askForRun, findDueRun } from "../store/due-run.ts";
import { isUuid } from "../store/finding-filter.ts";
import { findRun, listRunPage, type RunCursor } from "../store/run-page.ts";
import { getSite } from "../store/site.ts";
import { queryOf, sendPage, settingsOf, type PageParts } from "./page-frame.ts";
import { readSeen } from "./read-seen.ts";
import { viewRun } from "./run-view.ts";
import { viewAskedRun, viewRunRow } from "./runs-view.ts";
import { everySignal } from "../insight/shown-catalogue.ts";

const runsOnPage = 30;

/** `/runs`: the scans, the latest first, and a form that asks for one. */
export async function runsPage(parts: PageParts, request: Request, response: Response): Promise<void> {
  const viewer = viewerOf(request);
  const query = queryOf(request);
  const after = readCursor(query.get("after"));
  const { runs, next } = await listRunPage(parts.db, viewer, undefined, { limit: runsOnPage, ...(after && { after }) });
  const asked = query.get("asked") ?? "";
  const due = isUuid(asked) ? await findDueRun(parts.db, asked) : undefined;
  const view = {
    runs: runs.map((run) => viewRunRow(run, settingsOf(parts, run.site).timeZone)),
    sites: (await mySites(parts, viewer)).map((name) => ({ value: name, text: name })),
    asked: due && viewAskedRun(due),
    id: parts.makeId(),
    firstHref: after && "/runs",
    nextHref: next && `/runs?after=${next.startedAt}.${next.id}`,
  };
  await sendPage(parts, request, response, { template: "runs.njk", title: "Scans", part: "scans", view });
}

/** A page starts no scan itself: it asks, and the worker comes. */
export async function askRun(parts: PageParts, request: Request, response: Response): Promise<void> {
  const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const viewer = viewerOf(request);
  const site = (await mySites(parts, viewer)).find((name) => name === body["site"]);
  const kind = body["kind"] === "reconcile" ? "reconcile" : "increment";
  const id = typeof body["id"] === "string" && isUuid(body["id"]) ? body["id"] : parts.makeId();
  if (site === undefined)
    throw new UserError("site-unknown", "There is no such site, or none that you may see.", "Choose one of those on the page Scans.");
  const { siteId } = await getSite(parts.db, site);
  const due = await askForRun(parts.db, { siteId, kind, at: parts.clock(), by: viewer.person, id });
  response.redirect(303, `/runs?asked=${due.id}`);
}

/** `/runs/{id}` */
export async function runPage(parts: PageParts, request: Request<{ id: string }>, response: Response): Promise<void> {
  const { id } = request.params;
  const run = isUuid(id) ? await findRun(parts.db, viewerOf(request), id) : undefined;
  if (!run)
    throw new UserError("run-not-found", "There is no such scan, or none that you may see.", "Choose one of those on the page Scans.");
  const signals = everySignal(parts.config);
  const view = viewRun(run, settingsOf(parts, run.site), signals);
  await sendPage(parts, request, response, { template: "run.njk", title: `Scan of ${run.site}`, part: "scans", view });
}

/** Those read, and those that are configured and were never read. */
async function mySites(parts: PageParts, viewer: Viewer): Promise<string[]> {
  return (await readSeen(parts, viewer)).map(({ site }) => site);
}

function readCursor(text: string | null): RunCursor | undefined {
  if (text === null || text === "") return undefined;
  const [startedAt = "", id = ""] = text.split(".");
  if (/^-?\d{1,15}$/.test(startedAt) && isUuid(id)) return { startedAt: Number(startedAt), id };
  throw new UserError("not-a-cursor", "This address of a later page is not whole.", "Go to the first page of the scans.");
}
