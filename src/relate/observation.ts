import type { Observed } from "../domain/care-event.ts";
import type { Key, ObservationFacts } from "../domain/facts.ts";
import type { Reading } from "../domain/observation.ts";
import { resultTitle } from "../domain/title.ts";
import { versionTime } from "../domain/version-order.ts";
import { ageAt } from "./age-at.ts";
import { settingAt, teamOf } from "./attributes.ts";
import { ordersNamed } from "./on-orders.ts";
import { sideOfRanges } from "./quantity.ts";
import { readLevel } from "./reading.ts";
import { makeEvent, type RelatedEvent } from "./related-event.ts";
import { isVoided, newestVersion, type World } from "./world.ts";

const childhood = 16;

/** A value that came (laboratory, imaging) or was taken (vital signs), with what it says of itself. */
export function relateObservation(world: World, key: Key): RelatedEvent[] {
  const newest = newestVersion(world, key, "Observation");
  const time = newest && (newest.effective ?? newest.issued ?? versionTime(newest, [newest]));
  const [reading, ...components] = newest?.readings ?? [];
  if (!newest || !time || !reading || isVoided(world, key)) return [];
  const isResult = newest.categories.some((category) => category === "laboratory" || category === "imaging");
  if (!isResult && !newest.categories.includes("vital-signs")) return [];
  const age = ageAt(world, world.resolve(newest.patient), time.at);
  const { level } = readLevel(reading, age !== undefined && age < childhood, world.rules);
  const encounter = world.resolve(newest.encounter);
  const orders = ordersNamed(world, newest.basedOn);
  const valueless = valuelessOf(newest);
  const observed = { ...observedOf(reading, components), ...(valueless && { valueless }) };
  return [
    makeEvent(time, {
      activity: isResult ? "observation.resulted" : "observation.recorded",
      subject: key,
      subjectRead: true,
      saying: key,
      via: "act",
      code: reading.code,
      title: resultTitle(reading.code, reading),
      urgency: level ?? "not-said",
      team: teamOf(world, orders, encounter),
      setting: settingAt(world, encounter, time.at),
      ...(reading.value && { value: reading.value.value }),
      ...(reading.value?.unit !== undefined && { unit: reading.value.unit }),
      ...(encounter !== undefined && { encounter }),
      ...(orders[0] !== undefined && { order: orders[0] }),
      ...(age !== undefined && { age }),
      ...(reading.conclusions && { conclusions: reading.conclusions }),
      ...(Object.keys(observed).length > 0 && { observed }),
    }),
  ];
}

const unfinished = ["registered", "preliminary", "specimen-in-process"];

/** Whether it says nothing at all where a laboratory would give a value: no number, code or text, of its own or of a component. */
function valuelessOf({ readings, members, namelessMembers = 0, status }: ObservationFacts): Observed["valueless"] {
  if (readings.some(({ value, answer, display }) => value !== undefined || answer !== undefined || display !== undefined)) return undefined;
  return members.length + namelessMembers > 0 || unfinished.includes(status) ? "not-due" : "missing";
}

function observedOf(reading: Reading, components: readonly Reading[]): Observed {
  const flag = sideOf(reading);
  const parts = components.flatMap(({ value }) =>
    value ? [{ value: value.value, ...(value.unit !== undefined && { unit: value.unit }) }] : [],
  );
  return {
    ...(reading.value?.comparator && { comparator: reading.value.comparator }),
    ...(flag && { flag }),
    ...(parts.length > 0 && { parts }),
    ...(reading.answer && { answer: reading.answer }),
  };
}

/** By its flag (`H`, `HH`, `HU` … `L`), else by its own normal range. */
function sideOf({ interpretations, value, ranges }: Reading): "high" | "low" | undefined {
  if (interpretations.some((flag) => /^H[HUX>]?$/.test(flag))) return "high";
  if (interpretations.some((flag) => /^L[LUX<]?$/.test(flag))) return "low";
  return value && sideOfRanges(value, ranges);
}
