import type { Key } from "../domain/facts.ts";
import { normalise, type NormaliseContext } from "../normalise/normalise.ts";
import type { Batch } from "./store-batch.ts";
import { addResource, gatherNames, newBatch } from "./take-in.ts";

/** Resources as a server gave them, each the JSON of one, and where they come from; `line`: of the first. */
export interface GivenTexts {
  readonly file: string;
  readonly line: number;
  readonly texts: readonly string[];
}

/** Ready to be stored, and whatever they name. */
export interface NormalisedBatch {
  readonly batch: Batch;
  readonly names: ReadonlySet<Key>;
}

/** What a server gave, as a batch. Pure. */
export function normaliseGiven(site: string, context: NormaliseContext, { file, line, texts }: GivenTexts): NormalisedBatch {
  const batch = newBatch();
  const names = new Set<Key>();
  const listener = gatherNames(names);
  texts.forEach((text, place) => {
    const resource = JSON.parse(text) as unknown;
    addResource(batch, site, { kind: "resource", file, line: line + place, resource, text }, normalise(resource, context), listener);
  });
  return { batch, names };
}
