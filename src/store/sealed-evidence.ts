import type { Finding } from "../domain/finding.ts";

/** What of a finding is told by records and care events, and is copied before they go. */
export type SealedEvidence = Pick<Finding, "patient" | "encounter" | "evidence" | "evidenceLeftOut" | "exclusions" | "restedOnDeleted">;
