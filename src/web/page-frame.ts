import type { Request, Response } from "express";
import { siteConfig } from "../config/load-config.ts";
import type { HttpParts } from "../http/http-parts.ts";
import { viewerOf } from "../http/viewer-of.ts";
import type { SeenSite } from "../insight/seen-sites.ts";
import { shownSignals } from "../insight/shown-catalogue.ts";
import { readSeen } from "./read-seen.ts";
import type { Render } from "./render.ts";
import { viewSeen, type SiteSettings } from "./seen-view.ts";
import { showTime } from "./show-time.ts";

/** What every page is made with. */
export interface PageParts extends HttpParts {
  readonly render: Render;
}

/** What one page puts into the frame that all share. */
export interface Page {
  readonly template: string;
  /** What the page is, for the tab and the history. */
  readonly title: string;
  /** Which part of the navigation it belongs to. */
  readonly part?: "worklist" | "scans" | "feeds" | "quarantine" | "doctor" | "signals";
  readonly status?: number;
  readonly view: object;
}

/** Sends a page in the frame: banner, navigation, and above all else what was seen, which whoever knows it already may give. */
export async function sendPage(
  parts: PageParts,
  request: Request,
  response: Response,
  page: Page,
  known?: readonly SeenSite[],
): Promise<void> {
  sendFramed(parts, response, page, known ?? (await readSeen(parts, viewerOf(request))));
}

/** The same; `seen` is undefined where nobody can tell what was, for the database does not answer: the frame says so. */
export function sendFramed(parts: PageParts, response: Response, page: Page, seen: readonly SeenSite[] | undefined): void {
  const now = parts.clock();
  const html = parts.render(page.template, {
    title: page.title,
    part: page.part,
    banner: parts.banner,
    seen: seen && viewSeen(seen, (site) => settingsOf(parts, site), now),
    // On paper nobody sees the clock.
    printedAt: showTime(now, parts.config.sites[0]?.timeZone ?? "Europe/London"),
    page: page.view,
  });
  response
    .status(page.status ?? 200)
    .type("html")
    .send(html);
}

/** @throws UserError where no configuration can name such a site */
export function settingsOf({ config }: Pick<PageParts, "config">, site: string): SiteSettings {
  return { timeZone: siteConfig(config, site).timeZone, signals: shownSignals(config, site).map(({ id }) => id) };
}

/** The query of the address. */
export function queryOf(request: Request): URLSearchParams {
  return new URL(request.originalUrl, "http://localhost").searchParams;
}
