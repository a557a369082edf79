import { Temporal } from "temporal-polyfill";
import type { Key } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { currentVersion, type World } from "./world.ts";

/** Whole years of a patient; undefined where no day of birth is known, or the records of the person differ in it. */
export function ageAt(world: World, patient: Key | undefined, at: Instant): number | undefined {
  const records = patient === undefined ? [] : world.patientsOf(patient);
  const births = records.map((record) => currentVersion(world, record, "Patient")?.birthDate).filter((birth) => birth?.precision === "day");
  const [birth] = births;
  if (!birth || births.some((other) => other?.at !== birth.at)) return undefined;
  // A local midnight lies on the evening before in UTC, east of it: noon is on the day itself.
  return dayOf(birth.at + 12 * 3_600_000).until(dayOf(at), { largestUnit: "year" }).years;
}

/** In UTC. Temporal's own way there, over an Instant and a ZonedDateTime, takes more than twice as long. */
function dayOf(instant: Instant): Temporal.PlainDate {
  const date = new Date(instant);
  return new Temporal.PlainDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
}
