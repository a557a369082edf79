const registers = ["gmc-number", "nmc-number", "gdc-number", "hcpc-number"];

export const nhsNumberSystem = "https://fhir.nhs.uk/Id/nhs-number";

/** Registers of the health professions: whoever bears one of their numbers is a person. */
export const professionalSystems: readonly string[] = ["https://fhir.hl7.org.uk/Id/", "https://fhir.nhs.uk/Id/"].flatMap((base) =>
  registers.map((register) => base + register),
);

/** Systems of identifiers that each name one person, unless a site lists its own (`design.md`, Identity). */
export const defaultJoiningSystems: readonly string[] = [nhsNumberSystem, ...professionalSystems];
