import type { Encounter, Patient } from "../chart.ts";
import type { Hospital } from "../hospital.ts";
import type { Instant } from "../london-time.ts";
import { givenLines, typeOfLine } from "./given-lines.ts";
import { isChildAt } from "../is-child.ts";
import { keyOfReference, type GivenRecord } from "./given-record.ts";
import { isResult, mayBeResult } from "./is-result.ts";

/** What was found of the clinical records that staff work is to be laid over. */
export interface Given {
  /** Results issued in the watched time, once each, by the patient that they are of. */
  readonly reports: ReadonlyMap<string, readonly GivenRecord[]>;
  readonly observations: ReadonlyMap<string, GivenRecord>;
  readonly encounters: ReadonlyMap<string, GivenRecord>;
  readonly patients: ReadonlyMap<string, GivenRecord>;
}

/** The latest instant at which a report of the folder was issued. */
export async function latestIssue(folder: string): Promise<Instant | undefined> {
  let latest: Instant | undefined;
  for await (const report of listType(folder, "DiagnosticReport")) {
    const at = Date.parse(report.issued ?? "");
    if (!Number.isNaN(at)) latest = Math.max(latest ?? at, at);
  }
  return latest;
}

/** Reads the folder twice: first what may be a result of the watched time, then only what that names, which tells whether it is one. */
export async function readGiven(folder: string, { start, now }: Hospital): Promise<Given> {
  const found = new Map<string, GivenRecord[]>();
  for await (const report of listType(folder, "DiagnosticReport")) {
    const at = Date.parse(report.issued ?? "");
    if (!mayBeResult(report) || report.status !== "final" || !(at >= start && at < now)) continue;
    found.set(report.id ?? "", [...(found.get(report.id ?? "") ?? []), report]);
  }
  const reports = [...found.values()].flatMap((versions) => (versions.length === 1 ? versions : []));
  const wanted = new Set(
    reports
      .flatMap(({ subject, encounter, result = [] }) => [subject, encounter, ...result].map(keyOfReference))
      .filter((key) => key !== undefined),
  );
  const named = new Map<string, GivenRecord>();
  for (const type of ["Observation", "Encounter", "Patient"]) {
    for await (const record of listType(folder, type)) {
      const key = `${type}/${record.id ?? ""}`;
      if (wanted.has(key)) named.set(key, record);
    }
  }
  const ofType = (type: string): Map<string, GivenRecord> => new Map([...named].filter(([key]) => key.startsWith(`${type}/`)));
  const observations = ofType("Observation");
  const results = reports.filter((report) => isResult(report, observations));
  const byPatient = Map.groupBy(results, ({ subject }) => keyOfReference(subject) ?? "");
  byPatient.delete("");
  return { reports: byPatient, observations, encounters: ofType("Encounter"), patients: ofType("Patient") };
}

async function* listType(folder: string, type: string): AsyncGenerator<GivenRecord> {
  for await (const line of givenLines(folder)) if (typeOfLine(line) === type) yield JSON.parse(line) as GivenRecord;
}

export function patientOf(key: string, record: GivenRecord | undefined, start: Instant): Patient {
  const birthDate = record?.birthDate ?? "";
  const diedAt = Date.parse(record?.deceasedDateTime ?? "");
  return {
    key,
    id: key.replace("Patient/", ""),
    nhsNumber: "",
    family: "",
    given: "",
    gender: "female",
    birthDate,
    isChild: isChildAt({ birthDate }, start),
    ...(!Number.isNaN(diedAt) && { diedAt }),
  };
}

export function encounterOf(key: string, record: GivenRecord, hospital: Hospital): Encounter {
  const code = record.class?.code;
  const isInpatient = ["IMP", "ACUTE", "NONAC"].includes(code ?? "");
  const team = code === "EMER" ? hospital.emergency : ((isInpatient ? hospital.wards[0] : hospital.clinics[0]) ?? hospital.emergency);
  const [from, to] = [Date.parse(record.period?.start ?? ""), Date.parse(record.period?.end ?? "")];
  return { key, class: code === "EMER" ? "EMER" : isInpatient ? "IMP" : "AMB", team, from, to: Number.isNaN(to) ? Infinity : to };
}
