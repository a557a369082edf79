import { livePatients, type OnStep } from "./care/journeys.ts";
import { writeChart } from "./fhir/write-chart.ts";
import { writeHospital } from "./fhir/write-hospital.ts";
import type { FhirRecord } from "./fhir/record.ts";
import type { Hospital } from "./hospital.ts";
import { nhsNumbers } from "./nhs-number.ts";
import type { TruthLoop } from "./truth/loop.ts";
import { tellTruth } from "./truth/tell-truth.ts";
import { watchReorders } from "./truth/wrong-patient-reorder.ts";

/** One patient told twice: as the EPR recorded them, and as it was. */
export interface Told {
  readonly records: Iterable<FhirRecord>;
  readonly truth: readonly TruthLoop[];
  readonly patients: number;
}

/** The whole hospital, a patient at a time; what needs two patients to be seen is told last, and they are lived twice for it. */
export function* simulateHospital(hospital: Hospital, onStep: OnStep = () => undefined): Generator<Told> {
  yield { records: writeHospital(hospital), truth: [], patients: 0 };
  const reorders = watchReorders(
    livePatients(hospital, nhsNumbers(), () => undefined),
    hospital.now,
  );
  for (const chart of livePatients(hospital, nhsNumbers(), onStep)) {
    reorders.see(chart);
    yield { records: writeChart(chart), truth: tellTruth(chart), patients: 1 };
  }
  yield { records: [], truth: reorders.tell(), patients: 0 };
}
