import type { SiteConfig } from "../config/config.ts";
import type { SeriesSignal } from "../domain/series.ts";
import type { Signal } from "../domain/signal.ts";
import { enabledByDefault, readCatalogue, readSeriesCatalogue } from "../signals/catalogue.ts";

/** The signals that run at a site: as its configuration says, else as the catalogue does. Whoever asks often keeps the catalogue: it is read from files. */
export function enabledSignals(
  config: Pick<SiteConfig, "signals">,
  catalogue: readonly Signal[] = readCatalogue().map(({ signal }) => signal),
): Signal[] {
  return catalogue.filter(({ id }) => config.signals[id]?.enabled ?? enabledByDefault.includes(id));
}

/** The series that run at a site. */
export function enabledSeries(config: Pick<SiteConfig, "signals">): SeriesSignal[] {
  return readSeriesCatalogue()
    .map(({ signal }) => signal)
    .filter(({ id }) => config.signals[id]?.enabled ?? enabledByDefault.includes(id));
}
