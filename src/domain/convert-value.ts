import { UcumLhcUtils } from "@lhncbc/ucum-lhc";

let ucum: UcumLhcUtils | undefined;
const converted = new Map<string, ((value: number) => number) | undefined>();

/** What a conversion between kinds of unit rests on: mass and amount on the molar mass (g/mol), equivalents on the charge. */
export interface Analyte {
  readonly molarMass?: number;
  readonly charge?: number;
}

/** A quantity's number in another UCUM unit; undefined where it cannot be converted. */
export function convertValue(value: number, from: string | undefined, to: string | undefined, analyte: Analyte = {}): number | undefined {
  if (from === to) return value;
  if (from === undefined || to === undefined) return undefined;
  const name = `${from}\n${to}\n${String(analyte.molarMass ?? "")}\n${String(analyte.charge ?? "")}`;
  if (!converted.has(name)) converted.set(name, findConversion(from, to, analyte));
  return converted.get(name)?.(value);
}

/** Units of results convert by a factor (none here has an offset), so one conversion of 1 tells them all. */
function findConversion(from: string, to: string, { molarMass, charge }: Analyte): ((value: number) => number) | undefined {
  ucum ??= UcumLhcUtils.getInstance();
  const one = ucum.convertUnitTo(plain(from), 1, plain(to), {
    suggest: false,
    ...(molarMass === undefined ? {} : { molecularWeight: molarMass }),
    ...(charge === undefined ? {} : { charge }),
  });
  if (one.status !== "succeeded" || one.toVal === null) return undefined;
  const factor = one.toVal;
  // Twelve digits: what a factor adds beyond them is noise, and a value exactly at a limit must stay there.
  return (value) => Number((value * factor).toPrecision(12));
}

/** Units as laboratories write them where UCUM writes otherwise. */
function plain(unit: string): string {
  return unit
    .replace(/µ|μ/g, "u")
    .replace(/^(?:\{?[A-Za-z]+\}?)? ?\/ ?\[?hpf\]?$/i, "/[HPF]")
    .replace(
      /^(mmol|umol|nmol|pmol|mEq|meq|mg|g|ug|ng|U|IU|mU)\/([lL]|dl|dL|ml|mL)$/,
      (_, amount: string, volume: string) => `${amount.replace(/^IU$/, "[IU]").replace("Eq", "eq")}/${volume.replace("l", "L")}`,
    );
}
