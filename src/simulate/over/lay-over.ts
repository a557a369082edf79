import { emptyChart, type Chart, type Reading, type Result } from "../chart.ts";
import { followResult } from "../care/follow-result.ts";
import { rollDice } from "../dice.ts";
import { writeHospital } from "../fhir/write-hospital.ts";
import { writeWork } from "../fhir/write-chart.ts";
import { isChildAt } from "../is-child.ts";
import { laboratory, radiology, type Hospital } from "../hospital.ts";
import type { Told } from "../simulate-hospital.ts";
import { pickOnDuty } from "../staff.ts";
import { tellTruth, toldOverGiven } from "../truth/tell-truth.ts";
import { codesOf, keyOfReference, type GivenRecord } from "./given-record.ts";
import { encounterOf, patientOf, type Given } from "./read-given.ts";
import { analyteOf, needsConverting, readValue } from "./read-level.ts";

/** So deep that nobody orders another test: the clinical records are given, and stay as they are. */
const noMoreTests = 99;
const imagingCategories = "RAD RX CT NMR MR US NMS RUS CUS VUS OUS XRC".split(" ");

/** Staff who look at, telephone, acknowledge and act on results that exist already; a patient at a time. */
export function* layOver(hospital: Hospital, given: Given): Generator<Told> {
  yield { records: writeHospital(hospital), truth: [], patients: 0 };
  for (const [key, reports] of given.reports) {
    const patient = patientOf(key, given.patients.get(key), hospital.start);
    const dice = rollDice(hospital.options.seed, "over", key);
    const chart = emptyChart(hospital, dice, patient);
    const results = reports.flatMap((report) => takeOver(chart, report, given) ?? []);
    chart.results.push(...results);
    for (const result of results) followResult(chart, result, noMoreTests);
    yield { records: writeWork(chart), truth: tellTruth(chart, toldOverGiven), patients: 1 };
  }
}

/** Undefined where something that the truth would rest on is not held, or needs its unit converted: such a report is left alone. */
function takeOver(chart: Chart, report: GivenRecord, given: Given): Result | undefined {
  const { hospital, dice, patient } = chart;
  const at = Date.parse(report.issued ?? "");
  const isChild = isChildAt(patient, at);
  const observations = (report.result ?? []).map((each) => given.observations.get(keyOfReference(each) ?? ""));
  if (observations.some((each) => each === undefined || needsConverting(each, isChild) || each.status !== "final")) return undefined;
  if ((report.conclusionCode ?? []).length > 0) return undefined;
  const readings = observations.flatMap((each): Reading[] =>
    each === undefined
      ? []
      : [{ key: `Observation/${each.id ?? ""}`, analyte: analyteOf(each), takenAt: at, values: [readValue(each, at, isChild)] }],
  );
  const encounterKey = keyOfReference(report.encounter);
  const encounterRecord = encounterKey === undefined ? undefined : given.encounters.get(encounterKey);
  const encounter = encounterKey !== undefined && encounterRecord ? encounterOf(encounterKey, encounterRecord, hospital) : undefined;
  const kind = codesOf(report.category).some((code) => imagingCategories.includes(code)) ? "imaging" : "laboratory";
  const [code] = report.code?.coding ?? [];
  const title = report.code?.text ?? code?.display ?? "Result";
  const department = kind === "imaging" ? radiology : laboratory;
  return {
    key: `DiagnosticReport/${report.id ?? ""}`,
    kind,
    title,
    code: { system: code?.system ?? "", code: code?.code ?? "", display: title },
    collectedAt: Date.parse(report.effectiveDateTime ?? report.issued ?? ""),
    order: undefined,
    encounter,
    team: encounter?.team ?? hospital.clinics[0] ?? hospital.emergency,
    author: pickOnDuty(hospital, dice, department, kind === "imaging" ? "radiologist" : "scientist", at),
    isGiven: true,
    versions: [{ at, status: "final", readings }],
    acknowledgements: [],
  };
}
