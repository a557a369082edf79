import type { Request, Response } from "express";
import type { SignalHead } from "../domain/signal.ts";
import { UserError } from "../domain/user-error.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { viewHeld, viewSource } from "./doctor-view.ts";
import { sendPage, settingsOf, type PageParts } from "./page-frame.ts";
import { readSeen } from "./read-seen.ts";
import type { Examinations } from "../insight/examinations.ts";
import { everySeries, everySignal } from "../insight/shown-catalogue.ts";

/**
 * `/doctor`: can these records feed these signals? What is held is examined here; a server is asked only when somebody presses
 * the button, so that no page waits for one that is dead.
 */
export async function doctorPage(parts: PageParts, examinations: Examinations, request: Request, response: Response): Promise<void> {
  const catalogue = new Map<string, SignalHead>([
    ...everySignal(parts.config),
    ...everySeries(parts.config).map((each) => [each.id, each] as const),
  ]);
  const sites = [];
  for (const { site } of await readSeen(parts, viewerOf(request))) {
    const { timeZone } = settingsOf(parts, site);
    const held = await examinations.held(site);
    const sources = examinations.asked(site)?.map((each) => viewSource(each, catalogue, timeZone));
    sites.push({
      site,
      held: typeof held === "string" ? undefined : viewHeld(held, catalogue, timeZone),
      isLater: held === "later",
      sources,
      isAsking: examinations.isAsking(site),
      canAsk: hasSources(parts, site),
    });
  }
  await sendPage(parts, request, response, { template: "doctor.njk", title: "Doctor", part: "doctor", view: { sites } });
}

/** Asks the sources of a site, for as long as a page may wait; what comes later is there when the page is loaded again. */
export async function askDoctor(parts: PageParts, examinations: Examinations, request: Request, response: Response): Promise<void> {
  const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const site = (await readSeen(parts, viewerOf(request))).map((seen) => seen.site).find((name) => name === body["site"]);
  if (site === undefined || !hasSources(parts, site)) {
    throw new UserError(
      "site-unknown",
      "There is no such site, none that you may see, or the configuration names no source of it.",
      "Choose one of those on the page Doctor.",
    );
  }
  await examinations.ask(site);
  response.redirect(303, "/doctor");
}

function hasSources({ config }: PageParts, site: string): boolean {
  return config.sites.some(({ name, sources }) => name === site && sources.length > 0);
}
