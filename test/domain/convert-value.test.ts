import { expect, test } from "vitest";
import { convertValue } from "../../src/domain/convert-value.ts";

test.each([
  [4.2, "mmol/L", "mmol/L", {}, 4.2],
  [4200, "umol/L", "mmol/L", {}, 4.2],
  [4200, "µmol/l", "mmol/L", {}, 4.2],
  [16.42116, "mg/dL", "mmol/L", { molarMass: 39.098 }, 4.2],
  // Potassium as the laboratories of the United States report it: as critical as in any other unit.
  [7.1, "meq/L", "mmol/L", { charge: 1 }, 7.1],
  [7.1, "mEq/l", "mmol/L", { charge: 1, molarMass: 39.098 }, 7.1],
  [5, "meq/L", "mmol/L", { charge: 2 }, 2.5],
  [7.1, "meq/L", "mmol/L", {}, undefined],
  [16, "mg/dL", "mmol/L", {}, undefined],
  [4.2, undefined, "mmol/L", {}, undefined],
  [900, "U/L", "mmol/L", { charge: 1, molarMass: 39.098 }, undefined],
])("%d %s in %s, told %o, is %d", (value, from, to, analyte, expected) => {
  expect(convertValue(value, from, to, analyte)).toBe(expected);
});
