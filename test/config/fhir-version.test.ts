import { expect, test } from "vitest";
import { fhirVersion } from "../../src/config/config-values.ts";

test.each([
  ["R3", "STU3"],
  ["stu3", "STU3"],
  ["3.0.2", "STU3"],
  ["3.5.0", "R4"],
  ["4", "R4"],
  ["4.0.1", "R4"],
  ["r4b", "R4B"],
  ["4.3.0", "R4B"],
  ["4.6.0", "R5"],
  ["5.0.0", "R5"],
])("a source of FHIR %s is one of %s", (written, name) => {
  expect(fhirVersion.safeParse(written).data).toBe(name);
});

test.each([
  ["DSTU2", " DSTU2 is too old: ask the vendor for a later version."],
  ["1.0.2", " DSTU2 is too old: ask the vendor for a later version."],
  ["R7", ""],
  ["40", ""],
])("a source of FHIR %s is refused with what to write", (written, hint) => {
  const said = `"${written}" is no version of FHIR that is read. Write STU3, R4, R4B or R5, or its number, such as 4.0.1.${hint}`;
  expect(fhirVersion.safeParse(written).error?.issues.map(({ message }) => message)).toEqual([said]);
});
