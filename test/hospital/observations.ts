import type { Instant } from "../../src/domain/instant.ts";
import { near, write, HOUR } from "./moments.ts";
import type { Patient } from "./patients.ts";
import { drawReading, type AnalyteName, type Reading, type Urgency } from "./readings.ts";
import { concept, refer } from "./references.ts";
import { putVersions, type Version } from "./versions.ts";
import { draw, tally, type Json, type Ward } from "./ward.ts";

const CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";

export interface Observed {
  readonly key: string;
  readonly urgency: Urgency;
  readonly analyte: AnalyteName;
  /** Set where the report is to carry it inside itself. */
  readonly contained?: Json;
}

/** One Observation of a report, read before or after the report, inside it, or never. */
export function putObservation(
  ward: Ward,
  patient: Patient,
  id: string,
  opening: Instant,
  given?: AnalyteName,
  members: readonly string[] = [],
): Observed {
  const reading = drawReading(ward, given);
  const category = draw(ward, "observation-category", {
    laboratory: 14,
    imaging: 2,
    procedure: 1,
    "vital-signs": 1,
    survey: 1,
    "social-history": 1,
    none: 3,
  });
  const effective = opening - ward.dice.int(1, 30) * HOUR;
  const frame: Json = {
    status: "final",
    category: category === "none" ? undefined : [concept(CATEGORY, category)],
    effectiveDateTime: write(ward, effective),
    issued: ward.dice.chance(0.5) ? write(ward, opening - 1) : undefined,
    hasMember: members.length > 0 ? members.map((key) => refer(ward, key)) : undefined,
  };
  const fate = draw(ward, "observation", { "before-report": 10, "after-report": 7, "never-read": 4, contained: 3 });
  const observed = { key: `Observation/${id}`, urgency: reading.urgency, analyte: reading.analyte };
  if (fate === "contained") return { ...observed, contained: { resourceType: "Observation", id, ...frame, ...reading.content } };
  if (fate === "never-read") return observed;
  if (ward.dice.chance(0.9)) frame["subject"] = refer(ward, patient.key, frame);
  const at = fate === "before-report" ? opening - ward.dice.int(0, 3) * 1_000 : opening + ward.dice.int(1, 40) * HOUR;
  putVersions(ward, "Observation", id, history(ward, frame, reading, at));
  return observed;
}

function history(ward: Ward, frame: Json, reading: Reading, at: Instant): Version[] {
  const later = Math.max(at + 1, near(ward, [...ward.openings, ...ward.dues]));
  const fate = draw(ward, "observation-history", {
    final: 12,
    "preliminary-then-final": 3,
    "value-corrected": 4,
    "entered-in-error": 2,
    cancelled: 1,
  });
  const body = { ...frame, ...reading.content };
  const corrected = { ...frame, ...drawReading(ward, reading.analyte).content };
  const versions: Record<typeof fate, Version[]> = {
    final: [{ at, body }],
    "preliminary-then-final": [
      { at, body: { ...body, status: "preliminary" } },
      { at: later, body: corrected },
    ],
    "value-corrected": [
      { at, body },
      { at: later, body: { ...corrected, status: "corrected" } },
    ],
    "entered-in-error": [
      { at, body },
      { at: later, body: { ...body, status: "entered-in-error" } },
    ],
    cancelled: [{ at, body: { ...body, status: "cancelled" } }],
  };
  return versions[fate];
}

/** A panel names its members; the report names only the panel. */
export function putPanel(ward: Ward, patient: Patient, id: string, opening: Instant): Observed {
  const members = [1, 2].map((place) => putObservation(ward, patient, `${id}-m${place}`, opening));
  tally(ward, "observation-with-members");
  const panel = putObservation(
    ward,
    patient,
    id,
    opening,
    "without-a-limit",
    members.map((member) => member.key),
  );
  const worst = (["critical", "abnormal", "not-said"] as const).find((urgency) =>
    [panel, ...members].some((each) => each.urgency === urgency),
  );
  return { ...panel, urgency: worst ?? "normal" };
}
