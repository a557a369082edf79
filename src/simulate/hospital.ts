import { DAY, type Instant } from "./london-time.ts";
import type { SimulateOptions } from "./options.ts";

type Specialty = "medical" | "surgical" | "elderly" | "children" | "critical-care" | "emergency" | "clinic";

/** A team that owns patients and work: a ward, the emergency department or a clinic. */
export interface Team {
  readonly key: string;
  readonly code: string;
  /** No other team has it: what its people's registration numbers begin with. */
  readonly number: number;
  readonly name: string;
  readonly specialty: Specialty;
}

export interface Bed {
  readonly number: number;
  readonly ward: Team;
}

export interface Hospital {
  readonly options: SimulateOptions;
  readonly start: Instant;
  /** What lies at or after it has not happened: the instant of the verdicts. */
  readonly now: Instant;
  readonly beds: readonly Bed[];
  readonly wards: readonly Team[];
  readonly emergency: Team;
  readonly clinics: readonly Team[];
}

const bedsOfWard = 14;
const wardPlan: readonly (readonly [Specialty, string])[] = [
  ["medical", "Acute Medical Unit"],
  ["surgical", "General Surgery"],
  ["elderly", "Care of the Elderly"],
  ["medical", "Gastroenterology"],
  ["children", "Children's Ward"],
  ["critical-care", "Critical Care"],
  ["medical", "Respiratory"],
  ["surgical", "Trauma and Orthopaedics"],
];
const clinicNames = ["Gastroenterology", "Respiratory", "Endocrine", "Urology"];

/** The wards, clinics and beds of a hospital of this size. Small ones spread their beds over three wards. */
export function planHospital(options: SimulateOptions): Hospital {
  const count = Math.max(Math.min(3, options.beds), Math.ceil(options.beds / bedsOfWard));
  const wards = Array.from({ length: count }, (_, place): Team => {
    const [specialty, name] = wardPlan[place % wardPlan.length] as readonly [Specialty, string];
    const again = Math.floor(place / wardPlan.length);
    return team(place + 1, `ward-${place + 1}`, again === 0 ? name : `${name} ${again + 1}`, specialty);
  });
  return {
    options,
    start: options.start,
    now: options.start + options.days * DAY,
    wards,
    beds: Array.from({ length: options.beds }, (_, place) => ({ number: place + 1, ward: wards[place % count] as Team })),
    emergency: team(9_000, "emergency", "Emergency Department", "emergency"),
    clinics: clinicNames.map((name, place) => team(9_100 + place, `clinic-${name.toLowerCase()}`, `${name} Clinic`, "clinic")),
  };
}

function team(number: number, code: string, name: string, specialty: Specialty): Team {
  return { key: `Organization/${code}`, code, number, name, specialty };
}

export const laboratory: Team = team(9_001, "laboratory", "Blood Sciences and Microbiology", "clinic");
export const radiology: Team = team(9_002, "radiology", "Radiology", "clinic");
