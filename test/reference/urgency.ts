import type { Instant } from "../../src/domain/instant.ts";
import type { Urgency } from "../../src/domain/verdict.ts";
import { beyondLimit, type Beyond } from "./critical-limits.ts";
import { codingsOf, hasCode, listOf, objectOf, textOf, type Coding, type Json } from "./json.ts";
import { placeInRange } from "./ranges.ts";
import { readReference } from "./references.ts";
import type { Result, ResultEvent } from "./results.ts";
import { birthdayAt } from "./times.ts";
import { isVoided, newestOf } from "./versions.ts";
import { historiesOf, keyOfName, patientOf, type World } from "./world.ts";

/** One observation, component or member, as far as it speaks for itself. */
export interface Part {
  readonly codes: readonly Coding[];
  readonly said: Urgency;
  readonly beyond: Beyond | undefined;
}

export interface Reading {
  readonly urgency: Urgency;
  /** What the urgency could be: itself alone, unless it rests on an Observation that is not held. */
  readonly possible: readonly Urgency[];
  readonly criticalParts: readonly Part[];
  readonly criticalByConclusion: boolean;
}

const critical = ["AA", "HH", "LL"];
const abnormal = "A H L HU LU H> L< HX LX POS DET R RR WR I NCL NS SDD SYN-R W".split(" ");
const normal = "N NEG ND NR S EXP".split(" ");

/** "From the observations it names …: the lists of the opening version and of later ones up to the next opening." */
export function readUrgency(world: World, result: Result, event: ResultEvent): Reading {
  const next = result.events.find((each) => each.index > event.index)?.index ?? result.history.versions.length;
  const bodies = result.history.versions
    .slice(event.index, next)
    .filter((each) => !each.deleted)
    .map((each) => each.body);
  const named = bodies.flatMap((body) => listOf(body["result"]).map((reference) => ({ reference, body })));
  const gathered: Gathered = { parts: [], missing: false };
  const seen = new Set<string>();
  const under16 = takesUnder16(world, result, event.when.at);
  for (const { reference, body } of named) gather(world, reference, body, under16, gathered, seen);
  const criticalByConclusion = bodies.some((body) => hasCode([body["conclusionCode"], body["codedDiagnosis"]].flat(), critical));
  const urgency = worstOf(gathered, criticalByConclusion);
  return {
    urgency,
    possible: gathered.missing && world.has("Observation") ? possibleFrom(urgency, gathered) : [urgency],
    criticalParts: gathered.parts.filter((each) => each.said === "critical"),
    criticalByConclusion,
  };
}

interface Gathered {
  parts: Part[];
  missing: boolean;
}

function gather(world: World, reference: unknown, container: Json, under16: boolean, into: Gathered, seen: Set<string>): void {
  const name = readReference(reference, container);
  const history = name.contained !== undefined ? undefined : world.histories.get(keyOfName(world, name) ?? "");
  if (name.contained === undefined && history === undefined) {
    into.missing = true;
    return;
  }
  const body = name.contained ?? (history === undefined ? container : newestOf(history).body);
  const once = history?.key ?? JSON.stringify(body);
  if (seen.has(once)) return;
  seen.add(once);
  // "Not those entered in error or cancelled."
  if ((history !== undefined && isVoided(history)) || ["entered-in-error", "cancelled"].includes(textOf(body["status"]) ?? "")) return;
  const components = listOf(body["component"]).map(objectOf);
  const members = listOf(body["hasMember"]);
  const speaks = Object.keys(body).some((key) => key.startsWith("value") || key === "interpretation" || key === "dataAbsentReason");
  // The header of a panel says what its parts say.
  if (speaks || components.length + members.length === 0) into.parts.push(readPart(body, under16));
  for (const component of components) into.parts.push(readPart(component, under16));
  const within = name.contained !== undefined ? container : body;
  for (const member of members) gather(world, member, within, under16, into, seen);
}

function readPart(observation: Json, under16: boolean): Part {
  const beyond = beyondLimit(observation, under16);
  const codes = codingsOf(observation["code"]);
  const place = placeInRange(observation);
  const says = (list: readonly string[]) => hasCode(observation["interpretation"], list);
  const said: Urgency =
    says(critical) || beyond !== undefined
      ? "critical"
      : says(abnormal) || place === "outside"
        ? "abnormal"
        : says(normal) || place === "inside"
          ? "normal"
          : "not-said";
  return { codes, said, beyond };
}

function worstOf({ parts, missing }: Gathered, criticalByConclusion: boolean): Urgency {
  if (criticalByConclusion || parts.some((each) => each.said === "critical")) return "critical";
  if (parts.some((each) => each.said === "abnormal")) return "abnormal";
  // "`normal` if every observation that it names is held and says so."
  return !missing && parts.length > 0 && parts.every((each) => each.said === "normal") ? "normal" : "not-said";
}

/** "Under every urgency that the reading could give (*normal* among them only where every Observation that is held says so)." */
function possibleFrom(urgency: Urgency, { parts }: Gathered): Urgency[] {
  if (urgency === "critical") return ["critical"];
  if (urgency === "abnormal") return ["critical", "abnormal"];
  return parts.every((each) => each.said === "normal")
    ? ["critical", "abnormal", "not-said", "normal"]
    : ["critical", "abnormal", "not-said"];
}

/** "Age unknown takes the stricter": the limits for those under 16 are the stricter throughout. */
function takesUnder16(world: World, result: Result, o: Instant): boolean {
  const patient = patientOf(world, result.history);
  if (patient === undefined) return true;
  const birthdays = historiesOf(world, "Patient")
    .filter((each) => world.naming.personOf(each.key) === world.naming.personOf(patient) && !newestOf(each).deleted)
    .map((each) => birthdayAt(newestOf(each).body["birthDate"], 16, world.zone))
    .filter((each) => each !== undefined);
  return birthdays.length === 0 || birthdays.some((each) => o < each.to && (o < each.from || each.to - each.from > 26 * 3_600_000));
}
