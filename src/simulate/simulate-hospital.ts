import { livePatients, type OnStep } from "./care/journeys.ts";
import { writeChart } from "./fhir/write-chart.ts";
import { writeHospital } from "./fhir/write-hospital.ts";
import type { FhirRecord } from "./fhir/record.ts";
import type { Hospital } from "./hospital.ts";
import { nhsNumbers } from "./nhs-number.ts";
import type { TruthLoop } from "./truth/loop.ts";
import { judgeSeries, type TruthAlarm } from "./truth/judge-series.ts";
import { measureSeries, type TruthPeriod } from "./truth/measure-series.ts";
import { tellTruth } from "./truth/tell-truth.ts";
import { watchReorders } from "./truth/wrong-patient-reorder.ts";

/** One patient told twice: as the EPR recorded them, and as it was. */
export interface Told {
  readonly records: Iterable<FhirRecord>;
  readonly truth: readonly TruthLoop[];
  readonly patients: number;
  /** Of the whole hospital, once all is told. */
  readonly series?: readonly (TruthPeriod | TruthAlarm)[];
}

/** The whole hospital, a patient at a time; what needs two patients to be seen is told last, and they are lived twice for it. */
export function* simulateHospital(hospital: Hospital, onStep: OnStep = () => undefined, live = livePatients): Generator<Told> {
  yield { records: writeHospital(hospital), truth: [], patients: 0 };
  const reorders = watchReorders(
    live(hospital, nhsNumbers(), () => undefined),
    hospital.now,
  );
  const series = measureSeries(hospital.start, hospital.now);
  for (const chart of live(hospital, nhsNumbers(), onStep)) {
    reorders.see(chart);
    series.see(chart);
    yield { records: writeChart(chart), truth: tellTruth(chart), patients: 1 };
  }
  const periods = series.tell();
  const alarms = [...Map.groupBy(periods, ({ signal }) => signal)].flatMap(([signal, own]) => judgeSeries(signal, own));
  yield { records: [], truth: reorders.tell(), patients: 0, series: [...periods, ...alarms] };
}
