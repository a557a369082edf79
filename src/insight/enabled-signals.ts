import type { SiteConfig } from "../config/config.ts";
import type { Signal } from "../domain/signal.ts";
import { enabledByDefault, readCatalogue } from "../signals/catalogue.ts";

/** The signals that run at a site: as its configuration says, else as the catalogue does. */
export function enabledSignals(config: Pick<SiteConfig, "signals">): Signal[] {
  const catalogue = readCatalogue().map(({ signal }) => signal);
  return catalogue.filter(({ id }) => config.signals[id]?.enabled ?? enabledByDefault.includes(id));
}
