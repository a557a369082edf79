import { livePatients, type OnStep } from "./care/journeys.ts";
import { writeChart } from "./fhir/write-chart.ts";
import { writeHospital } from "./fhir/write-hospital.ts";
import type { FhirRecord } from "./fhir/record.ts";
import type { Hospital } from "./hospital.ts";
import { nhsNumbers } from "./nhs-number.ts";
import type { TruthLoop } from "./truth/loop.ts";
import { tellTruth } from "./truth/tell-truth.ts";

/** One patient told twice: as the EPR recorded them, and as it was. */
export interface Told {
  readonly records: Iterable<FhirRecord>;
  readonly truth: readonly TruthLoop[];
  readonly patients: number;
}

/** The whole hospital, a patient at a time: nothing of the one before is kept. */
export function* simulateHospital(hospital: Hospital, onStep: OnStep = () => undefined): Generator<Told> {
  yield { records: writeHospital(hospital), truth: [], patients: 0 };
  for (const chart of livePatients(hospital, nhsNumbers(), onStep))
    yield { records: writeChart(chart), truth: tellTruth(chart), patients: 1 };
}
