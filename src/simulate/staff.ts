import { rollDice, type Dice } from "./dice.ts";
import { laboratory, radiology, type Hospital, type Team } from "./hospital.ts";
import { HOUR, dayNumber, hourOf, isWeekend, type Instant } from "./london-time.ts";
import { familyNames, givenNames } from "./names.ts";

export type Kind = "doctor" | "nurse" | "scientist" | "radiologist";

export interface Person {
  readonly key: string;
  /** The person's work on this team. */
  readonly roleKey: string;
  readonly kind: Kind;
  readonly team: Team;
  readonly family: string;
  readonly given: string;
  /** The register's system, and the number there. */
  readonly register: { readonly system: string; readonly value: string };
}

const crew: Readonly<Record<Kind, { readonly employed: number; readonly day: number; readonly night: number; readonly weekend: number }>> =
  {
    doctor: { employed: 8, day: 3, night: 1, weekend: 1 },
    nurse: { employed: 14, day: 4, night: 2, weekend: 3 },
    scientist: { employed: 6, day: 3, night: 1, weekend: 1 },
    radiologist: { employed: 5, day: 2, night: 1, weekend: 1 },
  };
const GMC = "https://fhir.hl7.org.uk/Id/gmc-number";
const NMC = "https://fhir.hl7.org.uk/Id/nmc-number";
const HCPC = "https://fhir.hl7.org.uk/Id/hcpc-number";

function kindsOf(team: Team): readonly Kind[] {
  if (team === laboratory) return ["scientist"];
  return team === radiology ? ["radiologist"] : ["doctor", "nurse"];
}

/** Everybody who works in the hospital, laboratory and radiology included. */
export function listStaff(hospital: Hospital): Person[] {
  const teams = [...hospital.wards, hospital.emergency, ...hospital.clinics, laboratory, radiology];
  return teams.flatMap((team) => kindsOf(team).flatMap((kind) => listTeam(hospital, team, kind)));
}

function listTeam(hospital: Hospital, team: Team, kind: Kind): Person[] {
  return Array.from({ length: crew[kind].employed }, (_, place) => personOf(hospital, team, kind, place));
}

function personOf({ options }: Hospital, team: Team, kind: Kind, place: number): Person {
  const dice = rollDice(options.seed, "staff", team.code, kind, place);
  const id = `${kind}-${team.code}-${place + 1}`;
  return {
    key: `Practitioner/${id}`,
    roleKey: `PractitionerRole/${id}`,
    kind,
    team,
    family: dice.pick(familyNames),
    given: dice.pick(dice.chance(0.55) ? givenNames.female : givenNames.male),
    register: registerOf(kind, team, place),
  };
}

function registerOf(kind: Kind, team: Team, place: number): Person["register"] {
  const number = String(team.number * 100 + place).padStart(6, "0");
  if (kind === "nurse") return { system: NMC, value: `${number.slice(0, 2)}N${number.slice(2)}E` };
  return kind === "scientist" ? { system: HCPC, value: `BS${number}` } : { system: GMC, value: `7${number}` };
}

/** Shifts change at 08:00 and 20:00; the number counts them, so that a rota turns by it. */
function shiftOf(at: Instant): { readonly number: number; readonly isNight: boolean } {
  const hour = hourOf(at);
  const isNight = hour < 8 || hour >= 20;
  return { number: dayNumber(at - 8 * HOUR) * 2 + (isNight ? 1 : 0), isNight };
}

/** Who of a team is on duty: fewer by night and at weekends. */
export function onDuty(hospital: Hospital, team: Team, kind: Kind, at: Instant): Person[] {
  const { number, isNight } = shiftOf(at);
  const { employed, day, night, weekend } = crew[kind];
  const size = isNight ? night : isWeekend(at) ? weekend : day;
  // Somebody on a run of shifts is there for three days or nights, then others are.
  const first = Math.floor(number / 6) * day + (isNight ? Math.floor(employed / 2) : 0);
  return Array.from({ length: size }, (_, place) => personOf(hospital, team, kind, (first + place) % employed));
}

export function pickOnDuty(hospital: Hospital, dice: Dice, team: Team, kind: Kind, at: Instant): Person {
  return dice.pick(onDuty(hospital, team, kind, at));
}
