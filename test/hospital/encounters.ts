import { near, write } from "./moments.ts";
import type { Patient } from "./patients.ts";
import { refer } from "./references.ts";
import { putVersions } from "./versions.ts";
import { draw, tally, type Json, type Ward } from "./ward.ts";

const ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const classes = { EMER: 4, IMP: 3, AMB: 3, VR: 1, ACUTE: 1, HH: 1 };

/** One encounter of a patient. Its history of classes turns at an opening, so that the setting hangs on a millisecond. */
export function putEncounter(ward: Ward, patient: Patient, id: string): string {
  const shape = draw(ward, "encoding:encounter", { r4: 7, "r4-class-history": 4, r5: 2, "stu3-without-class": 2 });
  const turn = near(ward, ward.openings);
  const from = turn - ward.dice.int(1, 48) * 3_600_000;
  const period = {
    start: write(ward, from),
    end: ward.dice.chance(0.5) ? write(ward, turn + 86_400_000, ward.dice.chance(0.2) ? "date-only" : "utc") : undefined,
  };
  const coding = (): Json => ({ system: ACT, code: draw(ward, "class", classes) });
  const body: Json = {
    status: period.end === undefined ? "in-progress" : shape === "r5" ? "completed" : "finished",
    serviceProvider: ward.dice.chance(0.5) ? { reference: "Organization/ward" } : undefined,
  };
  body["subject"] = refer(ward, patient.key, body);
  if (shape === "r5") Object.assign(body, { class: [{ coding: [coding()] }], actualPeriod: period });
  else Object.assign(body, { class: shape === "stu3-without-class" ? undefined : coding(), period });
  if (shape === "r4-class-history") {
    const until = write(ward, turn);
    body["classHistory"] = [
      { class: { system: ACT, code: "EMER" }, period: { start: period.start, end: until } },
      { class: coding(), period: { start: until } },
    ];
  }
  const versions = [{ at: from + 1, body }];
  if (ward.dice.chance(0.25) && shape !== "stu3-without-class") {
    tally(ward, "encounter-class-changed");
    versions.push({
      at: Math.max(from + 2, near(ward, ward.openings)),
      body: { ...body, class: shape === "r5" ? [{ coding: [coding()] }] : coding() },
    });
  }
  if (ward.dice.chance(0.1)) tally(ward, "encounter-never-read");
  else putVersions(ward, "Encounter", id, versions);
  return `Encounter/${id}`;
}
