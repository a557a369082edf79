import type { Key } from "../domain/facts.ts";
import { normalise, type NormaliseContext } from "../normalise/normalise.ts";
import { OpenBatch } from "./open-batch.ts";
import type { PackedBatch } from "./pack-batch.ts";
import { addResource, gatherNames } from "./take-in.ts";

/** Resources as a server gave them, each the JSON of one, and where they come from; `line`: of the first. */
export interface GivenTexts {
  readonly file: string;
  readonly line: number;
  readonly texts: readonly string[];
}

/** What they say, and whatever they name. */
export interface PackedNames {
  readonly batch: PackedBatch;
  readonly names: ReadonlySet<Key>;
}

/** What a server gave, as a batch. Pure. */
export function normaliseGiven(site: string, context: NormaliseContext, { file, line, texts }: GivenTexts): PackedNames {
  const batch = new OpenBatch(site);
  const names = new Set<Key>();
  const listener = gatherNames(names);
  texts.forEach((text, place) => {
    const resource = JSON.parse(text) as unknown;
    addResource(batch, { kind: "resource", file, line: line + place, resource, text }, normalise(resource, context), listener);
  });
  return { batch: batch.pack(), names };
}
