import type { Chart, Reading, ReadingValue, Result } from "../chart.ts";
import { concept, HL7, recordOf, reference, type FhirRecord, type Json } from "./record.ts";
import { laboratory, radiology } from "../hospital.ts";
import { suspicion } from "../pathway-codes.ts";
import { iso } from "./iso.ts";

const UCUM = "http://unitsofmeasure.org";

export function* writeResults(chart: Chart): Generator<FhirRecord> {
  for (const result of chart.results) {
    const readings = new Set(result.versions.flatMap((version) => version.readings));
    for (const reading of readings) yield* writeReading(chart, result, reading);
    yield* writeReport(chart, result);
  }
}

function writeReport({ patient }: Chart, result: Result): FhirRecord[] {
  const isImaging = result.kind === "imaging";
  let issued = result.versions[0]?.at ?? 0;
  const versions = result.versions.map(({ at, status, readings, conclusion, conclusionFlag, isSuspicious, keepsIssued }) => {
    if (!keepsIssued && status !== "cancelled" && status !== "entered-in-error") issued = at;
    const content: Json = {
      status,
      category: [concept(`${HL7}/v2-0074`, isImaging ? "RAD" : "LAB")],
      code: concept(result.code.system, result.code.code, result.title),
      subject: reference(patient.key),
      encounter: result.encounter && reference(result.encounter.key),
      basedOn: result.order && [reference(result.order.key)],
      effectiveDateTime: iso(result.collectedAt),
      issued: iso(issued),
      performer: [reference((isImaging ? radiology : laboratory).key), ...(isImaging ? [] : [reference(result.author.key)])],
      resultsInterpreter: isImaging ? [reference(result.author.key)] : undefined,
      result: readings.length > 0 ? readings.map(({ key }) => reference(key)) : undefined,
      conclusion,
      conclusionCode:
        conclusionFlag === undefined && !isSuspicious
          ? undefined
          : [
              ...(conclusionFlag === undefined ? [] : [concept(`${HL7}/v3-ObservationInterpretation`, conclusionFlag)]),
              ...(isSuspicious ? [concept(suspicion.system, suspicion.code, suspicion.display)] : []),
            ],
    };
    return { at, content };
  });
  return recordOf(result.key, versions);
}

function writeReading({ patient }: Chart, result: Result, { key, analyte, takenAt, values }: Reading): FhirRecord[] {
  const { system, code, display } = analyte.code;
  return recordOf(
    key,
    values.map((value, place) => ({
      at: value.at,
      content: {
        status: place === 0 ? "final" : "corrected",
        category: [concept(`${HL7}/observation-category`, result.kind)],
        code: concept(system, code, display),
        subject: reference(patient.key),
        encounter: result.encounter && reference(result.encounter.key),
        effectiveDateTime: iso(takenAt),
        issued: iso(value.at),
        ...tellValue(value, analyte.unit),
        interpretation: value.flag === undefined ? undefined : [concept(`${HL7}/v3-ObservationInterpretation`, value.flag)],
        referenceRange: tellRange(analyte),
      },
    })),
  );
}

function tellValue({ value, text }: ReadingValue, unit: string | undefined): Json {
  return value === undefined ? { valueString: text } : { valueQuantity: quantity(value, unit) };
}

function quantity(value: number, unit: string | undefined): Json {
  return { value, unit: unit === "{INR}" ? "ratio" : unit, system: UCUM, code: unit };
}

function tellRange({ low, high, unit }: Reading["analyte"]): Json[] | undefined {
  if (low === undefined && high === undefined) return undefined;
  return [{ ...(low !== undefined && { low: quantity(low, unit) }), ...(high !== undefined && { high: quantity(high, unit) }) }];
}
