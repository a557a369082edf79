import { write } from "./moments.ts";
import { identify, refer } from "./references.ts";
import { put, tally, type Json, type Ward } from "./ward.ts";

const GMC = "https://fhir.hl7.org.uk/Id/gmc-number";
const SDS = "https://fhir.nhs.uk/Id/sds-user-id";

/** Who may act: name → key. `doctorAgain` is the doctor under a second id, known by the same GMC number. */
export const staff = {
  doctor: "Practitioner/doctor",
  doctorAgain: "Practitioner/doctor-2",
  nurse: "Practitioner/nurse",
  clerk: "Practitioner/clerk",
  performer: "Practitioner/biochemist",
  interpreter: "Practitioner/radiologist",
  role: "PractitionerRole/doctor-on-ward",
  performingRole: "PractitionerRole/biochemist-in-lab",
  machine: "Device/interface-engine",
  team: "Organization/ward",
  laboratory: "Organization/lab",
  careTeam: "CareTeam/home",
} as const;

export type StaffName = keyof typeof staff;

const practitioners: readonly { name: StaffName; system?: string; value?: string }[] = [
  { name: "doctor", system: GMC, value: "7000001" },
  { name: "doctorAgain", system: GMC, value: "7000001" },
  { name: "nurse", system: SDS, value: "555000001" },
  { name: "clerk" },
  { name: "performer", system: GMC, value: "7000002" },
  { name: "interpreter", system: SDS, value: "555000002" },
];

const roles = [
  { name: "role", practitioner: staff.doctor, organization: staff.team },
  { name: "performingRole", practitioner: staff.performer, organization: staff.laboratory },
] as const;

/** Staff as resources. Some are never read: then a role and its practitioner stay two people. */
export function putPeople(ward: Ward): void {
  const meta = { versionId: "1", lastUpdated: write(ward, ward.start - 1) };
  const putUnlessUnread = (key: string, content: Json): void => {
    if (ward.dice.chance(0.15)) return tally(ward, "person-never-read");
    const [resourceType = "", id = ""] = key.split("/");
    put(ward, { resourceType, id, meta, ...content });
  };
  for (const { name, system, value } of practitioners) {
    const identifier = system === undefined || value === undefined ? undefined : [identify(ward, staff[name], system, value)];
    putUnlessUnread(staff[name], { identifier, name: [{ family: name }] });
    if (name === "doctorAgain") tally(ward, "practitioners-joined-by-gmc");
  }
  for (const { name, practitioner, organization } of roles) {
    putUnlessUnread(staff[name], { practitioner: refer(ward, practitioner), organization: { reference: organization } });
  }
  putUnlessUnread(staff.machine, { type: { text: "interface engine" } });
  putUnlessUnread(staff.team, { name: "Ward 1" });
  putUnlessUnread(staff.laboratory, { name: "Laboratory" });
}
