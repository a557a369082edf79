import { livePatients, type OnStep } from "./care/journeys.ts";
import { writeChart } from "./fhir/write-chart.ts";
import { writeHospital } from "./fhir/write-hospital.ts";
import type { FhirRecord } from "./fhir/record.ts";
import type { Hospital } from "./hospital.ts";
import { nhsNumbers } from "./nhs-number.ts";
import type { TruthLoop } from "./truth/loop.ts";
import { countRecords, type TruthHours } from "./truth/count-records.ts";
import { silentHours } from "./truth/judge-hours.ts";
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
  readonly series?: readonly (TruthPeriod | TruthAlarm | TruthHours)[];
}

/** The whole hospital, a patient at a time; what needs two patients to be seen is told last, and they are lived twice for it. */
export function* simulateHospital(hospital: Hospital, onStep: OnStep = () => undefined, live = livePatients): Generator<Told> {
  const feeds = countRecords(hospital.start, hospital.now);
  function* counted(records: Iterable<FhirRecord>): Generator<FhirRecord> {
    for (const record of records) {
      feeds.see(record);
      yield record;
    }
  }
  yield { records: counted(writeHospital(hospital)), truth: [], patients: 0 };
  const reorders = watchReorders(
    live(hospital, nhsNumbers(), () => undefined),
    hospital.now,
  );
  const series = measureSeries(hospital.start, hospital.now);
  for (const chart of live(hospital, nhsNumbers(), onStep)) {
    reorders.see(chart);
    series.see(chart);
    yield { records: counted(writeChart(chart)), truth: tellTruth(chart), patients: 1 };
  }
  const periods = series.tell();
  const hours = feeds.tell();
  // A day with an hour in which nothing came that should have is no point on any chart.
  const silent = silentHours(hours.filter(({ feed }) => feed === "Observation"));
  const whole = periods.filter(({ from, to }) => !silent.some((hour) => hour >= from && hour < to));
  const alarms = [...Map.groupBy(whole, ({ signal }) => signal)].flatMap(([signal, own]) => judgeSeries(signal, own));
  yield { records: [], truth: reorders.tell(), patients: 0, series: [...periods, ...alarms, ...hours] };
}
