const bases = ["https://fhir.hl7.org.uk/Id/", "https://fhir.nhs.uk/Id/"];
const registers = ["gmc-number", "nmc-number", "gdc-number", "hcpc-number"];

export const nhsNumberSystem = "https://fhir.nhs.uk/Id/nhs-number";

/** Identifier systems that name one person, unless a site configures its own (`design.md`, Identity). */
export const defaultJoiningSystems: readonly string[] = [nhsNumberSystem, ...bases.flatMap((base) => registers.map((register) => base + register))];
