import type { Signal } from "../../src/domain/signal.ts";
import { loopMutations } from "./loop-mutations.ts";
import { sequenceMutations } from "./sequence-mutations.ts";

export interface Mutation {
  readonly what: string;
  readonly signal: Signal;
}

/** Every way in which a definition could be slightly wrong, each of which some example must notice. */
export function mutationsOf(signal: Signal): Mutation[] {
  if (signal.loop) return loopMutations(signal.loop).map(({ what, loop }) => ({ what, signal: { ...signal, loop } }));
  return sequenceMutations(signal.sequence).map(({ what, sequence }) => ({ what, signal: { ...signal, sequence } }));
}
