/** The versions of FHIR that are read, by the names that people use. */
export const fhirVersions = ["STU3", "R4", "R4B", "R5"] as const;

export type FhirVersion = (typeof fhirVersions)[number];

/** Beginnings of the numbers of a version, previews among them; the longest that fits counts. */
const beginnings: readonly (readonly [string, FhirVersion | "DSTU2"])[] = [
  ["0", "DSTU2"],
  ["1", "DSTU2"],
  ["3", "STU3"],
  ["3.2", "R4"],
  ["3.3", "R4"],
  ["3.5", "R4"],
  ["4", "R4"],
  ["4.1", "R4B"],
  ["4.3", "R4B"],
  ["4.2", "R5"],
  ["4.4", "R5"],
  ["4.5", "R5"],
  ["4.6", "R5"],
  ["5", "R5"],
];

/** Of a number (`4.0.1`, as a CapabilityStatement has it), or of a name in any spelling (`r4`); undefined: of none that is known. */
export function nameFhirVersion(written: string): FhirVersion | "DSTU2" | undefined {
  const text = written.trim().toUpperCase();
  const named = fhirVersions.find((name) => name === text) ?? { R2: "DSTU2" as const, DSTU2: "DSTU2" as const, R3: "STU3" as const }[text];
  if (named !== undefined) return named;
  const fits = beginnings.filter(
    ([beginning]) => text === beginning || text.startsWith(`${beginning}.`) || text.startsWith(`${beginning}-`),
  );
  return fits.sort(([a], [b]) => b.length - a.length)[0]?.[1];
}
