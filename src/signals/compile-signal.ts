import type { Signal, SignalHead } from "../domain/signal.ts";
import { compileLoop } from "./compile-loop.ts";
import { compileSequence } from "./compile-sequence.ts";
import type { ValueSets } from "./read-value-sets.ts";
import type { WrittenSignal } from "./signal-schema.ts";

/** A signal as detection reads it, with every default filled in. */
export function compileSignal(written: WrittenSignal, sets: ValueSets): Signal {
  const { id, version, tier, severity, title, means, hazards } = written;
  const head: SignalHead = {
    id,
    version,
    tier,
    severity,
    title,
    means,
    oftenHarmless: written["often-harmless"],
    nextSteps: written["next-steps"],
    references: written.references.map((each) => ({ title: each.title, reviewBy: each["review-by"] })),
    hazards,
  };
  if (written.loop) return { ...head, loop: compileLoop(written.loop, sets) };
  if (written.sequence) return { ...head, sequence: compileSequence(written.sequence, sets) };
  throw new Error(`the schema has let through a signal without a template: ${id}`);
}
