import { z } from "zod";
import type { SeriesSignal } from "../domain/series.ts";
import type { Signal } from "../domain/signal.ts";
import { readAtSite } from "../insight/at-site.ts";
import { shownCatalogue } from "../insight/shown-catalogue.ts";
import { enabledByDefault, readCatalogue, readSeriesCatalogue } from "../signals/catalogue.ts";
import { endpoint } from "./endpoint.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { kindOf, seriesListedSchema, signalSchema } from "./signal-schema.ts";
import { readSites } from "./site-query.ts";

export const listSignalsEndpoint = endpoint({
  method: "get",
  path: "/signals",
  summary: "The catalogue: what is looked for, and what is watched of the systems themselves",
  description:
    "With a site: as that site has it, its own included, and whether each runs there. What was looked for at a site is in `seen`.",
  query: z.object({ site: z.string().optional().meta({ description: "As this site has it" }) }),
  answers: z.object({
    signals: z.array(signalSchema).meta({ description: "Loops and sequences: what should follow, or should not have happened" }),
    series: z.array(seriesListedSchema),
    seen: seenSchema,
  }),
  problems: ["unknown-filter-value"],
  answer: async (parts, { viewer, query: { site } }) => {
    const sites = site === undefined ? undefined : [site];
    if (sites) await readSites(parts, viewer, sites);
    const own = site === undefined ? undefined : shownCatalogue(parts.config, site);
    const atSite = site === undefined ? undefined : await readAtSite(parts.config, site, parts.held);
    const headOf = (signal: Signal | SeriesSignal) => {
      const { id, version, tier, severity, title, means, origin } = signal;
      return {
        ...{ id, version, tier, severity, title, means },
        onByDefault: enabledByDefault.includes(id),
        kind: kindOf(signal),
        ...(origin && { origin }),
        ...(atSite && { atSite: atSite(id) }),
      };
    };
    const signals = (own?.loops ?? readCatalogue()).map(({ signal }) => headOf(signal));
    const series = (own?.series ?? readSeriesCatalogue()).map(({ signal }) => ({
      ...headOf(signal),
      measures: signal.series.number.what,
      per: signal.series.per,
      rules: signal.series.rules.map(({ rule }) => rule),
    }));
    return { body: { signals, series, seen: await readSeen(parts, viewer, sites ? { sites } : {}) } };
  },
});
