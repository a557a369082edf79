import type { ResultDetail } from "../domain/care-event.ts";
import type { DiagnosticReportFacts, Key, Ref } from "../domain/facts.ts";
import type { StatedTime } from "../domain/instant.ts";
import { nameOf } from "../domain/key.ts";
import { versionTime, type VersionTime } from "../domain/version-order.ts";
import { ageAt } from "./age-at.ts";
import { settingAt, teamOf } from "./attributes.ts";
import { countOrdinals, makeEvent, type RelatedEvent } from "./related-event.ts";
import { resultTitle } from "../domain/title.ts";
import { readUrgency } from "./urgency.ts";
import { kindOfOrder } from "./on-orders.ts";
import { currentVersion, isRead, isResult, isVoided, livingVersions, newestVersion, resolveAll, type World } from "./world.ts";

type ResultActivity = "result.preliminary" | "result.issued" | "result.amended";

interface Opening {
  readonly activity: ResultActivity;
  readonly index: number;
  readonly version: DiagnosticReportFacts;
  readonly time: StatedTime | VersionTime;
  readonly ordinal: string;
}

/** What a DiagnosticReport says: its own life as a result, and that it answers its orders. */
export function relateReport(world: World, key: Key): RelatedEvent[] {
  const versions = livingVersions(world, key, "DiagnosticReport");
  if (versions.length === 0 || !isResult(world, key)) return [];
  const openings = findOpenings(versions);
  return [
    ...openings.map((opening, place) => openingEvent(world, key, versions, opening, openings[place + 1])),
    ...withdrawals(key, versions),
    ...resulted(world, key, versions, openings),
    ...collected(world, key, versions),
  ];
}

/**
 * The versions that open: preliminary and amended ones where they are news, the earliest final one unless an amendment
 * came first. No result's time is before its predecessor's.
 */
function findOpenings(versions: readonly DiagnosticReportFacts[]): Opening[] {
  const openings: Opening[] = [];
  const number = countOrdinals();
  versions.forEach((version, index) => {
    const activity = activityOf(version.status);
    const before = versions[index - 1];
    const opened = (kind: ResultActivity) => openings.some((opening) => opening.activity === kind);
    if (!activity) return;
    if (activity === "result.issued" ? opened("result.issued") || opened("result.amended") : before?.newsHash === version.newsHash) return;
    const time =
      activity === "result.amended" ? amendedTime(version, before, versions) : (version.issued ?? versionTime(version, versions));
    if (!time) return;
    const predecessor = openings.at(-1)?.time;
    openings.push({
      activity,
      index,
      version,
      time: predecessor && time.at < predecessor.at ? predecessor : time,
      ordinal: activity === "result.issued" ? "" : number(version.newsHash),
    });
  });
  return openings;
}

function activityOf(status: string): ResultActivity | undefined {
  if (status === "partial" || status === "preliminary") return "result.preliminary";
  if (status === "final") return "result.issued";
  return ["amended", "corrected", "appended"].includes(status) ? "result.amended" : undefined;
}

/** `issued` if that is later than the version before's, or no version before is held; else the version's own time. */
function amendedTime(
  version: DiagnosticReportFacts,
  before: DiagnosticReportFacts | undefined,
  held: readonly DiagnosticReportFacts[],
): StatedTime | VersionTime | undefined {
  const { issued } = version;
  if (issued && (!before?.issued || issued.at > before.issued.at)) return issued;
  return versionTime(version, held) ?? issued;
}

function openingEvent(
  world: World,
  key: Key,
  versions: readonly DiagnosticReportFacts[],
  opening: Opening,
  next: Opening | undefined,
): RelatedEvent {
  const { activity, index, version, time, ordinal } = opening;
  const newest = versions.at(-1) ?? version;
  const lists = versions.slice(index, next?.index ?? versions.length);
  const read = readUrgency(world, lists, time.at, world.resolve(newest.patient));
  const orders = resolveAll(
    world,
    versions.flatMap((version) => version.basedOn),
  );
  const encounter = world.resolve(newest.encounter);
  // As the urgency: an amendment that takes a suspicion back, or is the first to have one, says nothing of what came before.
  const conclusions = lists.flatMap((each) => each.conclusions ?? []);
  return makeEvent(time, {
    activity,
    ordinal,
    sequence: index,
    subject: key,
    subjectRead: true,
    saying: key,
    via: "report",
    code: newest.code,
    urgency: read.urgency,
    setting: settingAt(world, encounter, time.at),
    title: resultTitle(newest.code, read.leading),
    kind: newest.kind ?? "laboratory",
    team: teamOf(world, orders, encounter),
    ...(encounter !== undefined && { encounter }),
    ...(orders[0] !== undefined && { order: orders[0] }),
    ...(isVoided(world, key) && { voided: true as const }),
    ...(conclusions.length > 0 && { conclusions }),
    ...ageOf(world, newest, time),
    result: detailOf(world, versions, orders, read),
  });
}

function detailOf(
  world: World,
  versions: readonly DiagnosticReportFacts[],
  orders: readonly Key[],
  read: Pick<ResultDetail, "possible" | "critical" | "flagged">,
): ResultDetail {
  const performers = namesOf(versions.flatMap((version) => version.performers));
  const requesters = namesOf(orders.map((order) => newestVersion(world, order, "ServiceRequest", "MedicationRequest")?.requester?.ref));
  return {
    ...(read.possible && { possible: read.possible }),
    ...(read.critical && { critical: read.critical }),
    ...(read.flagged && { flagged: read.flagged }),
    ...(performers.length > 0 && { performers }),
    ...(requesters.length > 0 && { requesters }),
    ...(orders.length > 0 && { answers: orders }),
  };
}

/** As the records name them: who bears a name is worked out in detection. */
function namesOf(refs: readonly (Ref | undefined)[]): Key[] {
  return [...new Set(refs.filter((ref) => ref !== undefined).map(nameOf))];
}

function withdrawals(key: Key, versions: readonly DiagnosticReportFacts[]): RelatedEvent[] {
  const number = countOrdinals();
  return versions.flatMap((version, index) => {
    if (version.status !== "cancelled" || versions[index - 1]?.status === "cancelled") return [];
    const time = versionTime(version, versions);
    const ordinal = number("");
    return time
      ? [makeEvent(time, { activity: "result.withdrawn", ordinal, subject: key, subjectRead: true, saying: key, via: "report" })]
      : [];
  });
}

function ageOf(world: World, { patient }: DiagnosticReportFacts, { at }: StatedTime | VersionTime): Pick<RelatedEvent, "age"> {
  const age = ageAt(world, world.resolve(patient), at);
  return age === undefined ? {} : { age };
}

/** When the specimen was taken: as it says itself, else as the report does. */
function collected(world: World, key: Key, versions: readonly DiagnosticReportFacts[]): RelatedEvent[] {
  const specimens = resolveAll(
    world,
    versions.flatMap((version) => version.specimens ?? []),
  );
  const said = specimens.map((specimen) => currentVersion(world, specimen, "Specimen")?.at).find((at) => at !== undefined);
  const time = said ?? versions.at(-1)?.effective;
  if (!time || isVoided(world, key)) return [];
  return [makeEvent(time, { activity: "specimen.collected", subject: key, subjectRead: true, saying: key, via: "report" })];
}

/** A report that is neither withdrawn nor voided answers its orders at its first issue. */
function resulted(world: World, key: Key, versions: readonly DiagnosticReportFacts[], openings: readonly Opening[]): RelatedEvent[] {
  if (isVoided(world, key) || versions.at(-1)?.status === "cancelled") return [];
  const first: StatedTime | VersionTime | undefined = openings[0]?.time;
  if (!first) return [];
  const orders = resolveAll(
    world,
    versions.flatMap((version) => version.basedOn),
  );
  return orders.map((order) =>
    makeEvent(first, {
      activity: "order.resulted",
      subject: order,
      subjectRead: isRead(world, order),
      saying: key,
      via: "report",
      ...kindOfOrder(world, order),
    }),
  );
}
