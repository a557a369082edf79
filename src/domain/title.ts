import type { Concept } from "./facts.ts";
import type { Reading } from "./observation.ts";

/** `Potassium 7.1 mmol/L` from the reading that matters most; else what the report is called. */
export function resultTitle(code: Concept, leading: Reading | undefined): string {
  if (!leading) return conceptTitle(code, "Result");
  return [conceptTitle(leading.code, conceptTitle(code, "Result")), leading.display].filter(Boolean).join(" ");
}

export function conceptTitle(concept: Concept | undefined, otherwise: string): string {
  return concept?.text ?? concept?.codings[0]?.code ?? otherwise;
}
