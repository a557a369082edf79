import type { Ref, Version } from "./facts.ts";

/** People and organisations: they only carry attributes. */
export interface PartyFacts extends Version {
  readonly type: "Practitioner" | "PractitionerRole" | "Person" | "RelatedPerson" | "Organization" | "CareTeam" | "HealthcareService";
  readonly links: readonly Ref[];
  /** PractitionerRole only. */
  readonly practitioner?: Ref;
  readonly organization?: Ref;
  /** A name to show (organisation, role); never used to match. */
  readonly name?: string;
}
