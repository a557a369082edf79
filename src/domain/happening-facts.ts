import type { Concept, Ref, Version } from "./facts.ts";
import type { StatedTime } from "./instant.ts";

/** Records that say that something of a code happened at a time, and little else. */
export interface HappeningFacts extends Version {
  readonly type: "Condition" | "ImagingStudy" | "Specimen" | "DocumentReference" | "Composition" | "MedicationAdministration";
  /** Onset, else recorded; started; collected; date. */
  readonly at?: StatedTime;
  readonly code: Concept;
  readonly basedOn: readonly Ref[];
}
