import type { Request, Response } from "express";
import type { Signal } from "../domain/signal.ts";
import { UserError } from "../domain/user-error.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { siteConfig } from "../config/load-config.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { limitRows, sayRest, sayTemplate } from "../signals/describe-signal.ts";
import { sendPage, settingsOf, type PageParts } from "./page-frame.ts";
import { enabledSeries } from "../insight/enabled-signals.ts";
import { readSeriesCatalogue } from "../signals/catalogue.ts";
import { readSeen } from "./read-seen.ts";

/** `/signals`: what is looked for, and where. */
export async function signalsPage(parts: PageParts, request: Request, response: Response): Promise<void> {
  const names = (await readSeen(parts, viewerOf(request))).map(({ site }) => site);
  const signals = parts.catalogue.map(({ id, title, means, tier, severity }) => {
    const off = names.filter((name) => !settingsOf(parts, name).signals.includes(id));
    return { href: `/signals/${id}`, title, means, tier, severity, off: off.join(", ") };
  });
  const series = readSeriesCatalogue().map(({ signal: { id, title, means, tier, severity } }) => {
    const off = names.filter((name) => !enabledSeries(siteConfig(parts.config, name)).some((each) => each.id === id));
    return { href: `/series/${id}`, title, means, tier, severity, off: off.join(", ") };
  });
  await sendPage(parts, request, response, { template: "signals.njk", title: "Signals", part: "signals", view: { signals, series } });
}

/** `/signals/{id}`: one definition, in words. */
export async function signalPage(parts: PageParts, request: Request<{ id: string }>, response: Response): Promise<void> {
  const { id } = request.params;
  const signal = parts.catalogue.find((each) => each.id === id);
  if (!signal) {
    const known = parts.catalogue.map((each) => each.id);
    throw new UserError(
      "signal-unknown",
      `There is no signal "${id}".${didYouMean(id, known)}`,
      "Choose one of those on the page Signals.",
    );
  }
  await sendPage(parts, request, response, { template: "signal.njk", title: signal.title, part: "signals", view: viewSignal(signal) });
}

function viewSignal(signal: Signal): object {
  const { id, version, tier, severity, title, means } = signal;
  return { id, version, tier, severity, title, means, loop: sayTemplate(signal), limits: limitRows(signal), rest: sayRest(signal) };
}
