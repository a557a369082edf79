import type { Instant } from "../../src/domain/instant.ts";
import { DAY, HOUR, drawOpening, near, nearLoop, write } from "./moments.ts";
import { putObservation, putPanel, type Observed } from "./observations.ts";
import type { Order } from "./orders.ts";
import type { Patient } from "./patients.ts";
import { staff } from "./people.ts";
import type { Urgency } from "./readings.ts";
import { concept, identify, refer } from "./references.ts";
import { putVersions, type Version } from "./versions.ts";
import { draw, tally, type Json, type Ward } from "./ward.ts";

export interface Report {
  readonly key: string;
  readonly patient: Patient;
  readonly order: Order | undefined;
  readonly observed: readonly Observed[];
  readonly urgency: Urgency;
  /** The first version's time, and every later one that may open a loop anew. */
  readonly openings: readonly Instant[];
  readonly dues: readonly Instant[];
}

const LOINC = "http://loinc.org";
const categories: Record<string, Json | undefined> = {
  laboratory: concept("http://terminology.hl7.org/CodeSystem/v2-0074", "LAB"),
  imaging: concept("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD"),
  "laboratory-loinc": concept(LOINC, "LP29708-2"),
  "imaging-loinc": concept(LOINC, "LP29684-5"),
  "laboratory-snomed": concept("http://snomed.info/sct", "108252007"),
  note: concept(LOINC, "34117-2"),
  none: undefined,
};

/** Statuses, one a version; `same` repeats the version before with nothing changed. */
const histories = {
  final: 14,
  "preliminary final": 6,
  preliminary: 2,
  "final amended": 5,
  "final corrected": 2,
  amended: 2,
  "preliminary final amended": 3,
  "final amended amended": 2,
  "final same": 2,
  "final amended same": 1,
  "final amended final": 1,
  "registered partial final": 1,
  "final cancelled": 3,
  "preliminary cancelled": 2,
  "final entered-in-error": 3,
  "final entered-in-error final": 1,
  "final appended": 1,
  cancelled: 1,
};

/** What an amendment changes besides its status: any of these alone makes it a new event. */
const amendments = { conclusion: 3, "conclusion-code": 2, result: 3, form: 1, "status-alone": 2, issued: 2 };

export function putReport(
  ward: Ward,
  patient: Patient,
  id: string,
  order: Order | undefined,
  encounter: string | undefined,
  before?: Report,
): Report {
  const key = `DiagnosticReport/${id}`;
  // A second critical result of the same code, from just after the first to just past the seven days that excuse it.
  const opening =
    before === undefined
      ? drawOpening(ward)
      : near(ward, ward.dice.pick([before.openings, before.dues, before.openings.map((each) => each + 7 * DAY)]));
  const analyte = before?.observed[0]?.analyte;
  if (before !== undefined) tally(ward, "critical-repeated");
  const observed = Array.from(
    { length: ward.dice.weigh({ 0: 2, 1: 9, 2: 4, 3: 1 }) === "1" || analyte !== undefined ? 1 : ward.dice.int(0, 3) },
    (_, place) =>
      ward.dice.chance(0.07)
        ? putPanel(ward, patient, `${id}-o${place}`, opening)
        : putObservation(ward, patient, `${id}-o${place}`, opening, analyte),
  );
  if (observed.length > 1) tally(ward, "report-of-several");
  const urgency =
    (["critical", "abnormal", "not-said", "normal"] as const).find((each) => observed.some((one) => one.urgency === each)) ?? "not-said";
  tally(ward, `urgency:${urgency}`);
  const dues = [urgency === "critical" ? opening + 2 * HOUR : opening + 14 * DAY, opening + 48 * HOUR, opening + 30 * DAY].slice(
    0,
    ward.dice.int(1, 3),
  );
  ward.dues.push(...dues);
  const body = describe(ward, patient, id, order, encounter, observed);
  const statuses = draw(ward, "report-history", histories).split(" ");
  const versions = tellVersions(ward, body, statuses, observed, opening, dues);
  putVersions(ward, "DiagnosticReport", id, versions);
  return { key, patient, order, observed, urgency, openings: versions.map((each) => each.at), dues };
}

function describe(
  ward: Ward,
  patient: Patient,
  id: string,
  order: Order | undefined,
  encounter: string | undefined,
  observed: readonly Observed[],
): Json {
  const category =
    categories[
      draw(ward, "report-category", {
        laboratory: 9,
        imaging: 3,
        "laboratory-loinc": 1,
        "imaging-loinc": 1,
        "laboratory-snomed": 1,
        note: 2,
        none: 3,
      })
    ];
  const several = observed.filter((each) => each.contained !== undefined).map((each) => each.contained);
  const shared = ward.dice.chance(0.1);
  if (shared) tally(ward, "identifier-borne-by-two");
  const body: Json = {
    contained: several.length > 0 ? several : undefined,
    code: concept(LOINC, "24323-8"),
    category: category && [category],
    identifier: ward.dice.chance(0.5)
      ? [identify(ward, `DiagnosticReport/${id}`, "https://lab.example/Id/report", shared ? "shared" : id)]
      : undefined,
    encounter: encounter && refer(ward, encounter),
    presentedForm: ward.dice.chance(0.4) ? [{ contentType: "application/pdf", url: `Binary/${id}-pdf` }] : undefined,
    result:
      observed.length > 0
        ? observed.map((each) => (each.contained === undefined ? refer(ward, each.key) : { reference: `#${String(each.contained["id"])}` }))
        : undefined,
  };
  if (draw(ward, "report-subject", { told: 15, absent: 1 }) === "told") body["subject"] = refer(ward, patient.key, body);
  const performer = refer(
    ward,
    draw(ward, "performer", { person: 4, organization: 3, role: 1 }) === "person" ? staff.performer : staff.laboratory,
    body,
  );
  const requester = ward.dice.chance(0.1) && order !== undefined ? [{ reference: order.requester }] : [];
  if (requester.length > 0) tally(ward, "report-performed-by-requester");
  body["performer"] = ward.dice.chance(0.1) ? [{ actor: performer }] : [performer, ...requester];
  if (ward.dice.chance(0.4)) body["resultsInterpreter"] = [refer(ward, staff.interpreter, body)];
  if (order !== undefined && !ward.silent.has("resulted")) {
    const reference = refer(ward, order.key);
    body["basedOn"] = draw(ward, "based-on", { list: 10, object: 1 }) === "list" ? [reference] : reference;
  }
  return body;
}

function tellVersions(
  ward: Ward,
  first: Json,
  statuses: readonly string[],
  observed: readonly Observed[],
  opening: Instant,
  dues: readonly Instant[],
): Version[] {
  let body = first;
  let at = opening;
  let issued = opening;
  const spelling = draw(ward, "issued", { utc: 22, offset: 3, "no-zone": 2, "date-only": 1, absent: 4 });
  return statuses.map((status, index) => {
    if (index > 0) {
      at = Math.max(at + 1, nearLoop(ward, at, dues));
      if (status === "same") tally(ward, "status-repeated");
      else body = amend(ward, body, status, observed);
      if (status !== "same" && ward.dice.chance(0.6)) issued = at;
    }
    body = {
      ...body,
      status: status === "same" ? body["status"] : status,
      issued: spelling === "absent" ? undefined : write(ward, issued, spelling),
    };
    return { at: at + ward.dice.pick([0, 0, 1, 2_000, 60_000]), body };
  });
}

function amend(ward: Ward, body: Json, status: string, observed: readonly Observed[]): Json {
  if (ward.dice.chance(0.05)) {
    tally(ward, "report-patient-changed");
    return { ...body, subject: { reference: ward.dice.pick(["Patient/p-1", "Patient/p-2"]) } };
  }
  if (ward.dice.chance(0.05)) {
    tally(ward, "report-order-dropped");
    return { ...body, basedOn: undefined };
  }
  if (!["amended", "corrected", "appended"].includes(status)) return body;
  const changes: Record<keyof typeof amendments, Json> = {
    conclusion: { conclusion: `revised ${ward.dice.int(1, 9)}` },
    "conclusion-code": {
      [ward.dice.chance(0.2) ? "codedDiagnosis" : "conclusionCode"]: [
        concept("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", ward.dice.pick(["AA", "A", "N"])),
      ],
    },
    result: { result: observed.slice(1).map((each) => ({ reference: each.key })) },
    form: { presentedForm: [{ contentType: "application/pdf", url: "Binary/amended-pdf" }] },
    "status-alone": {},
    issued: {},
  };
  return { ...body, ...changes[draw(ward, "amendment", amendments)] };
}
