import type { Dosage } from "../domain/dosage.ts";
import type { StatedTime } from "../domain/instant.ts";
import { asList, asObject, dropUndefined, listObjects, numberOf, textOf } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import type { Resource } from "./resource.ts";
import { parseTime } from "./time.ts";

const unitMs: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000, wk: 7 * 86_400_000 };
const unitDays: Readonly<Record<string, number>> = { d: 1, wk: 7 };
/** Those whose hour is the drug round's (local default); meals, waking and bedtime have none that we could know. */
const rounds: Readonly<Record<string, string>> = { MORN: "08:00", NOON: "12:00", EVE: "18:00", NIGHT: "22:00" };
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * When doses are due by `dosageInstruction`. What is taken as needed, or says how often and not when (twice a day), has no
 * time at which anybody could say that it was missed, and gives none. `undefined` where nothing is due by the clock.
 */
export function readDosages(resource: Resource, authoredOn: StatedTime | undefined): readonly Dosage[] | undefined {
  const dosages = listObjects(resource.json["dosageInstruction"]).flatMap((each) => readDosage(resource, each, authoredOn));
  return dosages.length === 0 ? undefined : dosages;
}

function readDosage({ context }: Resource, instruction: JsonObject, authoredOn: StatedTime | undefined): Dosage[] {
  if (isAsNeeded(instruction)) return [];
  const timing = asObject(instruction["timing"]);
  const repeat = asObject(timing?.["repeat"]);
  const zone = context.timeZone;
  const timeOf = (value: unknown) => parseTime(value, zone);
  const bounds = asObject(repeat?.["boundsPeriod"]);
  const start = timeOf(bounds?.["start"]) ?? authoredOn;
  if (!start) return [];
  const events = asList(timing?.["event"])
    .map(timeOf)
    .filter((time) => time?.precision === "instant")
    .map((time) => time?.at ?? 0);
  const end = timeOf(bounds?.["end"]);
  const lasts = asObject(repeat?.["boundsDuration"]);
  const lastsMs = lasts && (numberOf(lasts["value"]) ?? NaN) * (unitMs[textOf(lasts["code"]) ?? textOf(lasts["unit"]) ?? ""] ?? NaN);
  const until = end ? (end.precision === "instant" ? end.at + 1 : end.end) : lastsMs === undefined ? undefined : start.at + lastsMs;
  // A bound that cannot be read is a bound all the same.
  if (Number.isNaN(until)) return [];
  const common = { zone, from: start.at, until, count: repeat && numberOf(repeat["count"]) };
  if (events.length > 0) return [dropUndefined({ ...common, at: events })];
  const rule = repeat && readRule(repeat, start);
  return rule ? [dropUndefined({ ...common, ...rule })] : [];
}

function isAsNeeded(instruction: JsonObject): boolean {
  const { asNeededBoolean, asNeeded, asNeededCodeableConcept, asNeededFor } = instruction;
  return asNeededBoolean === true || asNeeded === true || asNeededCodeableConcept !== undefined || asNeededFor !== undefined;
}

type Rule = Pick<Dosage, "everyMs" | "times" | "everyDays" | "weekdays">;

function readRule(repeat: JsonObject, start: StatedTime): Rule | undefined {
  const frequency = numberOf(repeat["frequency"]) ?? 1;
  const period = numberOf(repeat["period"]);
  const unit = textOf(repeat["periodUnit"]) ?? (period === undefined ? "d" : "");
  const when = asList(repeat["when"]).map((code) => textOf(code) ?? "");
  const placed = when.map((code) => rounds[code]).filter((time) => time !== undefined);
  if (placed.length < when.length || repeat["offset"] !== undefined) return undefined;
  const times = [...asList(repeat["timeOfDay"]).map((time) => /^\d\d:\d\d/.exec(textOf(time) ?? "")?.[0]), ...placed];
  const days = asList(repeat["dayOfWeek"]).map((day) => weekdays.indexOf(textOf(day) ?? "") + 1);
  if (days.includes(0)) return undefined;
  const known = times.filter((time) => time !== undefined && time < "24:00");
  if (known.length > 0) {
    const everyDays = days.length > 0 ? 1 : (period ?? 1) * (unitDays[unit] ?? NaN);
    if (known.length < times.length || !Number.isInteger(everyDays) || everyDays < 1) return undefined;
    return { times: known as string[], everyDays, ...(days.length > 0 && { weekdays: days }) };
  }
  const isInterval = ["s", "min", "h"].includes(unit) && period !== undefined && period > 0 && frequency > 0;
  // An interval begins at an instant; twice a day is none: nobody says when.
  if (!isInterval || days.length > 0 || start.precision !== "instant") return undefined;
  return { everyMs: (period * (unitMs[unit] ?? 0)) / frequency };
}
