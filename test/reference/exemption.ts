import type { Evidence } from "./acknowledgements.ts";
import { isNowWithdrawn, type Result, type ResultEvent } from "./results.ts";
import { day, hour, instantAgainst } from "./times.ts";
import { readUrgency, type Part } from "./urgency.ts";
import { isVoided } from "./versions.ts";
import { exists, patientOf, type World } from "./world.ts";

interface Told {
  readonly acknowledged: ReadonlyMap<Result, readonly Evidence[]>;
  readonly communicated: ReadonlyMap<Result, readonly Evidence[]>;
}

/**
 * `critical-uncommunicated` is "not opened if, for every critical observation of it, another report of the same patient,
 * not withdrawn, with the same observation code and a value at least as far beyond the same limit, was communicated or
 * acknowledged in time, at an instant in [o − 7 d, o); what is critical by a flag alone is always opened".
 */
export function isExempt(world: World, result: Result, event: ResultEvent, results: readonly Result[], told: Told): boolean {
  const reading = readUrgency(world, result, event);
  if (reading.criticalByConclusion || reading.criticalParts.length === 0) return false;
  const patient = patientOf(world, result.history);
  if (patient === undefined) return false;
  const others = results.filter(
    (each) =>
      each !== result && patientOf(world, each.history) === patient && !isVoided(each.history) && !isNowWithdrawn(world, each.history),
  );
  return reading.criticalParts.every(
    (part) => part.beyond !== undefined && others.some((other) => wasTold(world, other, part, event.when.at, told)),
  );
}

function wasTold(world: World, other: Result, part: Part, o: number, told: Told): boolean {
  let isFirst = true;
  for (const event of other.events.filter((each) => exists(world, each.when))) {
    const reading = readUrgency(world, other, event);
    if (reading.urgency !== "critical") continue;
    const earlyMs = isFirst ? hour : 0;
    isFirst = false;
    if (!reading.criticalParts.some((each) => isAtLeastAsFar(each, part))) continue;
    const from = event.when.at;
    const instants = [
      ...(told.communicated.get(other) ?? []).map((each) => instantAgainst(each.when, from, earlyMs)),
      ...(told.acknowledged.get(other) ?? []).map((each) => instantAgainst(each.when, from)),
    ];
    // "In time": within the two hours that this signal gives.
    if (instants.some((at) => at !== undefined && at <= from + 2 * hour && at >= o - 7 * day && at < o)) return true;
  }
  return false;
}

function isAtLeastAsFar(other: Part, part: Part): boolean {
  if (other.beyond === undefined || part.beyond === undefined) return false;
  if (other.beyond.limit !== part.beyond.limit || other.beyond.side !== part.beyond.side) return false;
  // "Any shared coding."
  if (!other.codes.some((a) => part.codes.some((b) => a.system === b.system && a.code === b.code))) return false;
  return part.beyond.side === "high" ? other.beyond.value >= part.beyond.value : other.beyond.value <= part.beyond.value;
}
