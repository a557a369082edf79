import type { SignalHead } from "../domain/signal.ts";
import type { WrittenHead } from "./head-schema.ts";

/** What every signal says of itself, whatever its template, as detection and pages read it. */
export function compileHead(written: WrittenHead): SignalHead {
  const { id, version, tier, severity, title, means, hazards } = written;
  return {
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
}
