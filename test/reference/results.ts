import type { Instant } from "../../src/domain/instant.ts";
import { canonical, hasCode, codingsOf, listOf, objectOf, textOf, type Json } from "./json.ts";
import { readReference } from "./references.ts";
import { exact, readTime, type When } from "./times.ts";
import { newestBody, newestOf, type History, type Version } from "./versions.ts";
import { historiesOf, keyNamed, keyOfName, type World } from "./world.ts";

type ResultActivity = "result.preliminary" | "result.issued" | "result.amended";

export interface ResultEvent {
  readonly activity: ResultActivity;
  readonly when: When;
  /** Which of the report's versions says so. */
  readonly index: number;
}

/** One report that is a result, with all that happened to it. */
export interface Result {
  readonly history: History;
  readonly events: readonly ResultEvent[];
  readonly withdrawals: readonly When[];
  /** The Observations that any version names. */
  readonly observations: ReadonlySet<string>;
  /** What any version says that it rests on. */
  readonly orders: ReadonlySet<string>;
}

export function readResults(world: World): Result[] {
  return historiesOf(world, "DiagnosticReport")
    .filter((history) => history.versions.some((each) => !each.deleted) && isResult(world, history))
    .map((history) => ({
      history,
      events: resultEvents(world, history),
      withdrawals: withdrawalsOf(history),
      observations: namedBy(world, history, "result"),
      orders: namedBy(world, history, "basedOn"),
    }));
}

function namedBy(world: World, history: History, field: string): Set<string> {
  const keys = history.versions.flatMap(({ body }) => listOf(body[field]).map((each) => keyNamed(world, each, body)));
  return new Set(keys.filter((each) => each !== undefined));
}

export const noteCategories = ["34117-2", "11488-4", "11506-3", "28570-0", "18842-5", "34111-5", "51847-2"];

/** "What is a result." */
function isResult(world: World, history: History): boolean {
  const category = newestBody(history)["category"]; // "other attributes (subject, category, encounter) come from the newest version"
  const saysSo =
    codingsOf(category).some((each) => (each.system ?? "").includes("v2-0074") || (each.system ?? "").includes("v2/0074")) ||
    hasCode(category, ["LP29684-5", "LP29708-2", "LP7839-6"]) ||
    hasCode(category, ["108252007", "363679005"]);
  if (saysSo) return true;
  const named = history.versions.flatMap(({ body }) => listOf(body["result"]).map((each) => ({ reference: each, body })));
  if (named.length === 0) return !hasCode(category, noteCategories);
  return named.some(({ reference, body }) => {
    const codes = categoryOfObservation(world, reference, body);
    return codes.length === 0 || codes.some((code) => ["laboratory", "imaging", "procedure"].includes(code));
  });
}

function categoryOfObservation(world: World, reference: unknown, container: Json): string[] {
  const name = readReference(reference, container);
  const held = world.histories.get(keyOfName(world, name) ?? "");
  const body = name.contained ?? (held === undefined ? undefined : newestBody(held));
  return codingsOf(body?.["category"]).map((each) => each.code);
}

const activityOf: Readonly<Record<string, ResultActivity>> = {
  partial: "result.preliminary",
  preliminary: "result.preliminary",
  final: "result.issued",
  amended: "result.amended",
  corrected: "result.amended",
  appended: "result.amended",
};

function resultEvents(world: World, history: History): ResultEvent[] {
  const events: ResultEvent[] = [];
  let [issued, amended] = [false, false];
  for (const [index, version] of history.versions.entries()) {
    const activity = version.deleted ? undefined : activityOf[textOf(version.body["status"]) ?? ""];
    if (activity === undefined) continue;
    const before = history.versions.slice(0, index).findLast((each) => !each.deleted); // a deletion in between says nothing of it
    // "`final`: once a report, at its earliest final version"; "a `final` after the first `amended` is no `result.issued`".
    if (activity === "result.issued" && (issued || amended)) continue;
    if (activity === "result.issued") issued = true;
    if (activity === "result.amended") amended = true;
    // "It, or a preliminary version, is a new event only if [six fields] differ from the version before."
    if (activity !== "result.issued" && before !== undefined && !isNews(world, version, before)) continue;
    const when = timeOf(world, activity, version, before);
    if (when === undefined) continue;
    // "No result's time (final, amended, preliminary) is before its predecessor's."
    const floor: Instant = events.at(-1)?.when.at ?? -Infinity;
    const at = Math.max(when.at, floor);
    events.push({ activity, index, when: { at, end: Math.max(when.end, at), bound: when.bound } });
  }
  return events;
}

function timeOf(world: World, activity: ResultActivity, version: Version, before: Version | undefined): When | undefined {
  const issued = readTime(version.body["issued"], world.zone);
  if (issued === undefined) return version.updated;
  if (activity !== "result.amended" || before === undefined) return exact(issued);
  // "*Amended*: its time is `issued` if that is later than the version before's (or no version before is held), else `meta.lastUpdated`."
  const earlier = before.deleted ? undefined : readTime(before.body["issued"], world.zone);
  return earlier === undefined || issued.at > earlier.at ? exact(issued) : (version.updated ?? exact(issued));
}

/** "Only if status, `issued`, `result`, `conclusion`, `conclusionCode` or `presentedForm` differ from the version before." */
function isNews(world: World, version: Version, before: Version): boolean {
  if (before.deleted) return true;
  const seen = ({ body }: Version) =>
    canonical([
      body["status"] ?? null,
      readTime(body["issued"], world.zone) ?? null,
      listOf(body["result"])
        .map((each) => readNamed(world, each, body))
        .sort(),
      body["conclusion"] ?? null,
      listOf(body["conclusionCode"] ?? body["codedDiagnosis"]),
      listOf(body["presentedForm"]),
    ]);
  return seen(version) !== seen(before);
}

function readNamed(world: World, reference: unknown, container: Json): string {
  const name = readReference(reference, container);
  return name.contained !== undefined ? canonical(name.contained) : (keyOfName(world, name) ?? canonical(reference));
}

/** "`result.withdrawn`: DiagnosticReport `cancelled`, at `meta.lastUpdated`", once for each time that it becomes so. */
function withdrawalsOf(history: History): When[] {
  return history.versions.flatMap((version, index) => {
    const before = history.versions[index - 1];
    const becomes = isWithdrawn(version) && (before === undefined || !isWithdrawn(before));
    return becomes && version.updated !== undefined ? [version.updated] : [];
  });
}

function isWithdrawn(version: Version): boolean {
  return !version.deleted && version.body["status"] === "cancelled";
}

/** Withdrawn in its newest version, as far as that has happened by `now`. */
export function isNowWithdrawn(world: World, history: History): boolean {
  const newest = newestOf(history);
  const last = withdrawalsOf(history).at(-1);
  return isWithdrawn(newest) && (last === undefined || last.at <= world.now);
}

const imagingCodes = ["RAD", "RX", "CT", "MR", "NMR", "US", "IMG", "RUS", "OUS", "VUS", "CUS", "NMS", "XRC"];

/** "Kind … of a report: v2-0074 RAD, RX, CT, MR, NMR, US … imaging." */
export function isImaging(history: History): boolean {
  return codingsOf(newestBody(history)["category"]).some(
    (each) => /v2[-/]0074/.test(each.system ?? "") && imagingCodes.includes(each.code),
  );
}

/** "The class of its encounter in force at its opening (`classHistory`, else the newest `class`)": only EMER moves a limit here. */
export function isEmergency(world: World, history: History, o: Instant): boolean {
  const body = newestBody(history);
  const encounter = world.histories.get(keyNamed(world, body["encounter"] ?? body["context"], body) ?? "");
  if (encounter === undefined || newestOf(encounter).deleted || newestOf(encounter).body["status"] === "entered-in-error") return false;
  const held = newestBody(encounter);
  const inForce = listOf(held["classHistory"])
    .map(objectOf)
    .find((each) => {
      const period = objectOf(each["period"]);
      const start = readTime(period["start"], world.zone)?.at ?? -Infinity;
      const end = readTime(period["end"], world.zone)?.end ?? Infinity;
      return start <= o && o < end;
    });
  return hasCode(inForce?.["class"] ?? held["class"], ["EMER"]);
}
