import type { Config } from "../config/config.ts";
import { siteConfig } from "../config/load-config.ts";
import { isEnabled } from "./enabled-signals.ts";
import type { Examinations } from "./examinations.ts";
import type { SeriesReadiness } from "./series-readiness.ts";
import { sayShortcoming, type Readiness } from "./signal-readiness.ts";

/** Whether a signal or series runs at a site; `state` is null where nothing is held there, or looking into it takes too long. */
interface AtSite {
  readonly site: string;
  readonly isOn: boolean;
  readonly state: Readiness["state"] | SeriesReadiness["state"] | null;
  readonly says: readonly string[];
}

/** Of each signal and series, by its id, what the doctor says of it at a site. */
export async function readAtSite(config: Config, site: string, held: Examinations["held"]): Promise<(id: string) => AtSite> {
  const settings = siteConfig(config, site);
  const health = await held(site);
  const [signals, series] = typeof health === "string" ? [[], []] : [health.signals, health.series];
  return (id) => {
    const head = { site, isOn: isEnabled(settings, id) };
    const signal = signals.find((each) => each.id === id);
    if (signal) return { ...head, state: signal.state, says: signal.because.map(sayShortcoming) };
    const ofSystems = series.find((each) => each.id === id);
    return ofSystems ? { ...head, state: ofSystems.state, says: [ofSystems.says] } : { ...head, state: null, says: [] };
  };
}
