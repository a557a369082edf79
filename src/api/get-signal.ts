import { z } from "zod";
import { didYouMean } from "../domain/nearest-name.ts";
import { UserError } from "../domain/user-error.ts";
import { enabledByDefault, readCatalogue } from "../signals/catalogue.ts";
import { endpoint } from "./endpoint.ts";
import { definitionSchema } from "./signal-schema.ts";

export const getSignalEndpoint = endpoint({
  method: "get",
  path: "/signals/{id}",
  summary: "One signal whole: what opens it, what must follow, within what limit, and why",
  params: z.object({ id: z.string().meta({ examples: ["result-unacknowledged"] }) }),
  answers: z.object({ signal: definitionSchema }),
  problems: ["signal-unknown"],
  answer: (_parts, { params: { id } }) => {
    const catalogue = readCatalogue().map(({ signal }) => signal);
    const signal = catalogue.find((each) => each.id === id);
    if (!signal)
      throw signalUnknown(
        id,
        catalogue.map((each) => each.id),
      );
    return Promise.resolve({ body: { signal: { ...signal, onByDefault: enabledByDefault.includes(id) } } });
  },
});

function signalUnknown(id: string, ids: readonly string[]): UserError {
  return new UserError("signal-unknown", `There is no signal "${id}".${didYouMean(id, ids)}`, `It may be: ${ids.join(", ")}.`);
}
