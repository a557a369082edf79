import type { Config } from "../config/config.ts";
import { siteConfig } from "../config/load-config.ts";
import type { SeriesSignal } from "../domain/series.ts";
import type { Signal } from "../domain/signal.ts";
import { readCatalogue, readSeriesCatalogue } from "../signals/catalogue.ts";
import { lastSiteCatalogue, type SiteCatalogue } from "../signals/site-catalogue.ts";
import { enabledSignals } from "./enabled-signals.ts";

/** What a site could run, as it would run it, for pages and the API. */
export function shownCatalogue(config: Config, site: string): SiteCatalogue {
  return lastSiteCatalogue(siteConfig(config, site));
}

/** What runs there. */
export function shownSignals(config: Config, site: string): Signal[] {
  return enabledSignals(siteConfig(config, site), shownCatalogue(config, site));
}

/** Every loop and sequence by its id, those of sites' own included: for what is the same at all of them, such as a title. */
export function everySignal(config: Config): ReadonlyMap<string, Signal> {
  const own = config.sites.flatMap(({ name }) => shownCatalogue(config, name).loops);
  const files = [...own, ...readCatalogue()].map(({ signal }) => [signal.id, signal] as const);
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every series, those of sites' own included. */
export function everySeries(config: Config): readonly SeriesSignal[] {
  const own = config.sites.flatMap(({ name }) => shownCatalogue(config, name).series);
  const series = [...own, ...readSeriesCatalogue()].map(({ signal }) => [signal.id, signal] as const);
  return [...new Map(series).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
