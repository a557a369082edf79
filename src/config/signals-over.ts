import { resolve } from "node:path";
import type { SiteSignals } from "../signals/site-settings.ts";
import type { SignalsEntry } from "./config-schema.ts";

type Said = Omit<SiteSignals, "timeZone">;

/** What a site says of signals over what is said for every site, key by key; folders made absolute. */
export function asSignals(own: SignalsEntry, base: string, every: SignalsEntry = { signals: {} }): Said {
  const ids = [...new Set([...Object.keys(every.signals), ...Object.keys(own.signals)])];
  const folders = (key: "ownSignals" | "valueSets"): string[] =>
    [every[key], own[key]].flatMap((each) => (each === undefined ? [] : [resolve(base, each)]));
  const [ownSignals, valueSets] = [folders("ownSignals"), folders("valueSets")];
  return {
    signals: Object.fromEntries(ids.map((id) => [id, { ...every.signals[id], ...own.signals[id] }])),
    ...(ownSignals.length > 0 && { ownSignals }),
    ...(valueSets.length > 0 && { valueSets }),
    ...((every.calendar ?? own.calendar) && { calendar: { ...every.calendar, ...own.calendar } }),
  };
}

/** For sites that the file does not name. */
export function allSitesOf(every: SignalsEntry | undefined, base: string): { readonly allSites?: Said } {
  return every === undefined ? {} : { allSites: asSignals(every, base) };
}
