import type { Request, Response } from "express";
import { siteConfig } from "../config/load-config.ts";
import type { SignalHead, Signal } from "../domain/signal.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { UserError } from "../domain/user-error.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { joinAlarms } from "../domain/join-alarms.ts";
import { isEnabled } from "../insight/enabled-signals.ts";
import { everySeries, everySignal, shownCatalogue } from "../insight/shown-catalogue.ts";
import { readCatalogue, readSeriesCatalogue } from "../signals/catalogue.ts";
import { limitRows, sayOrigin, sayRest, sayTemplate } from "../signals/describe-signal.ts";
import { listAlarms } from "../store/alarm.ts";
import { queryOf, sendPage, settingsOf, type PageParts } from "./page-frame.ts";
import { readSeen } from "./read-seen.ts";
import { viewAlarmGroup } from "./series-view.ts";

const alarmsRead = 2_000;

/** `/signals`: what is looked for, and where. */
export async function signalsPage(parts: PageParts, request: Request, response: Response): Promise<void> {
  const names = (await readSeen(parts, viewerOf(request))).map(({ site }) => site);
  const catalogues = names.map((name) => ({ name, ...shownCatalogue(parts.config, name) }));
  const heads = (own: readonly SignalHead[], program: readonly SignalHead[]): SignalHead[] =>
    [...new Map([...own, ...program].map((each) => [each.id, each])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const loops = catalogues.flatMap((each) => each.loops.map(({ signal }) => signal));
  const series = catalogues.flatMap((each) => each.series.map(({ signal }) => signal));
  const view = (path: string, { id, title, means, tier, severity }: SignalHead): object => {
    const off = names.filter((name) => !isEnabled(siteConfig(parts.config, name), id));
    return { href: `${path}/${id}`, title, means, tier, severity, off: off.join(", ") };
  };
  const program = { loops: readCatalogue().map(({ signal }) => signal), series: readSeriesCatalogue().map(({ signal }) => signal) };
  const seriesViews: object[] = [];
  for (const head of heads(series, program.series))
    seriesViews.push({ ...view("/series", head), ...(await viewAlarms(parts, names, head.id)) });
  await sendPage(parts, request, response, {
    template: "signals.njk",
    title: "Signals",
    part: "signals",
    view: {
      signals: heads(loops, program.loops).map((head) => view("/signals", head)),
      series: seriesViews,
    },
  });
}

/** How many alarms a series has raised so far, and the latest. */
async function viewAlarms(parts: PageParts, sites: readonly string[], signal: string): Promise<object> {
  const groups = joinAlarms(await listAlarms(parts.db, { sites, signal }, alarmsRead));
  const [latest] = groups;
  if (!latest) return { alarms: 0 };
  return { alarms: groups.length, latest: viewAlarmGroup(latest, settingsOf(parts, latest[0].site).timeZone, everySeries(parts.config)) };
}

/** `/signals/{id}?site=`: one definition, in words, as a site has it. */
export async function signalPage(parts: PageParts, request: Request<{ id: string }>, response: Response): Promise<void> {
  const { id } = request.params;
  const names = (await readSeen(parts, viewerOf(request))).map(({ site }) => site);
  const definitions = names.flatMap((name) => {
    const signal = shownCatalogue(parts.config, name).loops.find((file) => file.signal.id === id)?.signal;
    return signal ? [{ name, signal }] : [];
  });
  const asked = queryOf(request).get("site");
  const chosen = definitions.find(({ name }) => name === asked);
  const known = everySignal(parts.config);
  const signal = chosen?.signal ?? readCatalogue().find((file) => file.signal.id === id)?.signal ?? definitions[0]?.signal ?? known.get(id);
  if (!signal) {
    throw new UserError(
      "signal-unknown",
      `There is no signal "${id}".${didYouMean(id, [...known.keys()])}`,
      "Choose one of those on the page Signals.",
    );
  }
  const others = definitions.filter((each) => each.signal.origin !== undefined && each.name !== asked);
  const view = {
    ...viewSignal(signal),
    site: chosen?.name,
    others: others.map(({ name }) => ({ href: `/signals/${id}?${new URLSearchParams({ site: name }).toString()}`, name })),
  };
  await sendPage(parts, request, response, { template: "signal.njk", title: signal.title, part: "signals", view });
}

function viewSignal(signal: Signal): object {
  const { id, version, tier, severity, title, means } = signal;
  return {
    ...{ id, version, tier, severity, title, means },
    origin: sayOrigin(signal),
    loop: sayTemplate(signal),
    limits: limitRows(signal),
    rest: sayRest(signal),
  };
}
