import { near, write } from "./moments.ts";
import { misread, nhsNumber } from "./nhs-number.ts";
import { identify, refer } from "./references.ts";
import { putVersions } from "./versions.ts";
import { draw, put, tally, type Json, type Ward } from "./ward.ts";

const NHS = "https://fhir.nhs.uk/Id/nhs-number";
const MRN = "https://hospital.example/Id/mrn";

export interface Patient {
  readonly id: string;
  readonly key: string;
  readonly nhs: string;
  readonly birthDate: string | undefined;
}

/** Names the patients, before anything is written about them: references may need their identifiers. */
export function admitPatients(ward: Ward, size: number): Patient[] {
  return Array.from({ length: size }, (_, index) => {
    const key = `Patient/p-${index + 1}`;
    const nhs = nhsNumber(400_000_000 + ward.dice.int(0, 9_999) * 10_000 + index * 10);
    if (ward.dice.chance(0.5)) identify(ward, key, NHS, nhs);
    else identify(ward, key, MRN, `M${index + 1}`);
    const birthDate = { adult: "1960-05-01", child: "2015-05-01", unknown: undefined, "turns-16": "2009-03-30" }[
      draw(ward, "age", { adult: 6, child: 2, unknown: 2, "turns-16": 1 })
    ];
    return { id: `p-${index + 1}`, key, nhs, birthDate };
  });
}

/** What two versions of a patient say of another: `then` undone is `now`. */
const bonds = {
  none: 40,
  "link-replaced-by": 7,
  "link-replaces": 7,
  "link-seealso": 3,
  "link-to-unread": 3,
  "nhs-number": 9,
  "nhs-number-old": 4,
  "nhs-number-temp": 3,
  "nhs-number-misread": 4,
  "unmerged-link": 8,
  "unmerged-nhs-number": 6,
  "merged-later": 8,
};

const joining: readonly string[] = ["link-replaced-by", "link-replaces", "nhs-number", "merged-later"];

function describe(bond: keyof typeof bonds, other: Patient): Json {
  const link = (type: string, reference = other.key): Json => ({ link: [{ other: { reference }, type }] });
  const number = (value: string, use?: string): Json => ({ identifier: [{ system: NHS, value, use }] });
  const said: Record<typeof bond, Json> = {
    none: {},
    "link-replaced-by": link("replaced-by"),
    "link-replaces": link("replaces"),
    "link-seealso": link("seealso"),
    "link-to-unread": link("replaced-by", "Patient/never-read"),
    "nhs-number": number(other.nhs),
    "nhs-number-old": number(other.nhs, "old"),
    "nhs-number-temp": number(other.nhs, "temp"),
    "nhs-number-misread": number(misread(other.nhs)),
    "unmerged-link": link("replaced-by"),
    "unmerged-nhs-number": number(other.nhs),
    "merged-later": link("replaced-by"),
  };
  return said[bond];
}

function drawDeath(ward: Ward): Json | undefined {
  const at = near(ward, ward.dice.chance(0.6) && ward.dues.length > 0 ? ward.dues : ward.openings);
  const deaths: Record<string, Json | undefined> = {
    none: undefined,
    instant: { deceasedDateTime: write(ward, at, "offset") },
    date: { deceasedDateTime: write(ward, at, "date-only") },
    flag: { deceasedBoolean: true },
    alive: { deceasedBoolean: false },
  };
  return deaths[draw(ward, "death", { none: 11, instant: 3, date: 2, flag: 3, alive: 1 })];
}

/** Every version of every patient: as first registered, then merged, unmerged or dead. Last of all kinds, for deaths fall near dues. */
export function putPatients(ward: Ward, patients: readonly Patient[]): void {
  patients.forEach((patient, index) => {
    const other = patients[(index + 1) % patients.length] ?? patient;
    const bond = other === patient ? "none" : draw(ward, "bond", bonds);
    if (joining.includes(bond)) tally(ward, "merge");
    if (bond.startsWith("unmerged")) tally(ward, "unmerge");
    const identifier = ward.identifiers.get(patient.key);
    const mine: Json = {
      identifier: [identifier, { system: NHS, value: patient.nhs, use: "official" }].slice(0, identifier?.system === NHS ? 1 : 2),
      birthDate: patient.birthDate,
      meta: label(ward),
      generalPractitioner: ward.dice.chance(0.1) ? [refer(ward, "Practitioner/clerk")] : undefined,
    };
    const said = describe(bond, other);
    const merged = { ...mine, ...said };
    const changes = bond === "merged-later" ? [mine, merged] : bond.startsWith("unmerged") ? [merged, mine] : [merged];
    const death = drawDeath(ward);
    if (death !== undefined) changes.push({ ...changes[changes.length - 1], ...death });
    let at = ward.start - ward.dice.int(1, 10) * 1_000;
    putVersions(
      ward,
      "Patient",
      patient.id,
      changes.map((body, number) => {
        if (number > 0) at = Math.max(at + 1, near(ward, [...ward.openings, ...ward.dues]));
        return { at, body };
      }),
    );
  });
  if (ward.dice.chance(0.2)) putCrowd(ward);
}

function label(ward: Ward): Json | undefined {
  const labels: Record<string, Json | undefined> = {
    none: undefined,
    test: { tag: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActReason", code: "HTEST" }] },
    restricted: { security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "R" }] },
  };
  return labels[draw(ward, "label", { none: 14, test: 1, restricted: 1 })];
}

/** Six ids on one NHS number: more than five join none. One of them is the patient of real results. */
function putCrowd(ward: Ward): void {
  tally(ward, "more-than-five-ids");
  const value = nhsNumber(999_000_000);
  for (let each = 1; each <= 5; each++) put(ward, { resourceType: "Patient", id: `crowd-${each}`, identifier: [{ system: NHS, value }] });
  put(ward, {
    resourceType: "Patient",
    id: "p-1",
    identifier: [{ system: NHS, value }],
    meta: { versionId: "99", lastUpdated: write(ward, ward.start + ward.span) },
  });
}
