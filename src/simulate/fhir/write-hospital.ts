import { laboratory, radiology, type Hospital } from "../hospital.ts";
import { listStaff } from "../staff.ts";
import { concept, HL7, recordOf, reference, type FhirRecord } from "./record.ts";

export const epr = "Device/epr";
const laboratorySystem = "Device/laboratory-system";

/** Teams, staff and machines: they were there before the first patient. */
export function* writeHospital(hospital: Hospital): Generator<FhirRecord> {
  const at = hospital.start;
  for (const team of [...hospital.wards, hospital.emergency, ...hospital.clinics, laboratory, radiology]) {
    yield* recordOf(team.key, [{ at, content: { active: true, name: team.name } }]);
  }
  for (const [key, name] of [
    [epr, "Electronic patient record"],
    [laboratorySystem, "Laboratory system"],
  ] as const) {
    yield* recordOf(key, [{ at, content: { deviceName: [{ name, type: "user-friendly-name" }] } }]);
  }
  for (const { key, roleKey, kind, team, family, given, register } of listStaff(hospital)) {
    yield* recordOf(key, [{ at, content: { identifier: [register], active: true, name: [{ family, given: [given] }] } }]);
    const code = [concept(`${HL7}/practitioner-role`, kind === "nurse" ? "nurse" : "doctor")];
    yield* recordOf(roleKey, [{ at, content: { active: true, practitioner: reference(key), organization: reference(team.key), code } }]);
  }
}
