import type { SeriesSignal } from "../domain/series.ts";
import type { Signal } from "../domain/signal.ts";
import { enabledByDefault } from "../signals/catalogue.ts";
import { readSiteCatalogue, type SiteCatalogue } from "../signals/site-catalogue.ts";
import type { SiteSignals } from "../signals/site-settings.ts";

/** The signals that run at a site: as its configuration says, else as the catalogue does. */
export function enabledSignals(config: SiteSignals, catalogue: Pick<SiteCatalogue, "loops"> = readSiteCatalogue(config)): Signal[] {
  return catalogue.loops.map(({ signal }) => signal).filter(({ id }) => isEnabled(config, id));
}

/** The series that run at a site. */
export function enabledSeries(config: SiteSignals, catalogue: Pick<SiteCatalogue, "series"> = readSiteCatalogue(config)): SeriesSignal[] {
  return catalogue.series.map(({ signal }) => signal).filter(({ id }) => isEnabled(config, id));
}

export function isEnabled({ signals }: Pick<SiteSignals, "signals">, id: string): boolean {
  return signals[id]?.enabled ?? enabledByDefault.includes(id);
}
