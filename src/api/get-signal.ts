import { z } from "zod";
import { didYouMean } from "../domain/nearest-name.ts";
import { UserError } from "../domain/user-error.ts";
import { enabledByDefault, readCatalogue, readSeriesCatalogue } from "../signals/catalogue.ts";
import { shownCatalogue } from "../insight/shown-catalogue.ts";
import { endpoint } from "./endpoint.ts";
import { readSites } from "./site-query.ts";
import { definitionSchema, kindOf } from "./signal-schema.ts";

export const getSignalEndpoint = endpoint({
  method: "get",
  path: "/signals/{id}",
  summary:
    "One signal or series whole: what opens it, what must follow, within what limit; or what is measured, and by which rules; and why",
  params: z.object({ id: z.string().meta({ examples: ["result-unacknowledged"] }) }),
  answers: z.object({ signal: definitionSchema }),
  query: z.object({ site: z.string().optional().meta({ description: "As this site has it, its own signals included" }) }),
  problems: ["signal-unknown", "unknown-filter-value"],
  answer: async (parts, { viewer, params: { id }, query: { site } }) => {
    if (site !== undefined) await readSites(parts, viewer, [site]);
    const own = site === undefined ? { loops: readCatalogue(), series: readSeriesCatalogue() } : shownCatalogue(parts.config, site);
    const files = [...own.loops, ...own.series];
    const signal = files.find((file) => file.signal.id === id)?.signal;
    if (!signal)
      throw signalUnknown(
        id,
        files.map((file) => file.signal.id),
      );
    return { body: { signal: { ...signal, kind: kindOf(signal), onByDefault: enabledByDefault.includes(id) } } };
  },
});

function signalUnknown(id: string, ids: readonly string[]): UserError {
  return new UserError("signal-unknown", `There is no signal "${id}".${didYouMean(id, ids)}`, `It may be: ${ids.join(", ")}.`);
}
