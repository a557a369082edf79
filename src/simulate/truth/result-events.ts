import type { Level, Reading, ReadingValue, Result, ResultVersion } from "../chart.ts";
import type { Instant } from "../london-time.ts";

export interface ResultEvent {
  readonly at: Instant;
  readonly activity: "result.preliminary" | "result.issued" | "result.amended";
  readonly level: Level;
  /** What it shows is called suspicious, by this version or a later one before the next news. */
  readonly isSuspicious: boolean;
  /** What makes it critical, as it stands now; empty where a flag of the whole report does. */
  readonly critical: readonly { readonly reading: Reading; readonly value: ReadingValue }[];
}

const activities: Readonly<Partial<Record<ResultVersion["status"], ResultEvent["activity"]>>> = {
  preliminary: "result.preliminary",
  final: "result.issued",
  amended: "result.amended",
  corrected: "result.amended",
};
const urgencies: readonly Level[] = ["critical", "abnormal"];

/** When a result was news, and how urgent: by the newest values of what the version names, and later ones up to the next news. */
export function resultEvents(result: Result, now: Instant): ResultEvent[] {
  const past = result.versions.filter(({ at }) => at < now);
  const places = past.flatMap(({ status }, place) => (isNews(past, status, place) ? [place] : []));
  return places.map((place, index) => {
    const until = places[index + 1] ?? past.length;
    const versions = past.slice(place, until);
    const readings = [...new Set(versions.flatMap((version) => version.readings))];
    const values = readings.map((reading) => ({ reading, value: reading.values.findLast((value) => value.at < now) }));
    const isFlagged = versions.some(({ conclusionFlag }) => conclusionFlag === "AA");
    const level = isFlagged ? "critical" : worst(values.map(({ value }) => value?.level ?? "not-said"));
    const { at, status } = past[place] as ResultVersion;
    return {
      at,
      level,
      isSuspicious: versions.some((version) => version.isSuspicious),
      activity: activities[status] ?? "result.issued",
      critical: values.flatMap(({ reading, value }) => (value?.level === "critical" ? [{ reading, value }] : [])),
    };
  });
}

/** A final version is news once, and not after an amendment. */
function isNews(past: readonly ResultVersion[], status: ResultVersion["status"], place: number): boolean {
  if (status === "final") return !past.slice(0, place).some((version) => ["final", "amended", "corrected"].includes(version.status));
  return activities[status] !== undefined;
}

function worst(levels: readonly Level[]): Level {
  const urgent = urgencies.find((level) => levels.includes(level));
  if (urgent !== undefined) return urgent;
  return levels.length > 0 && levels.every((level) => level === "normal") ? "normal" : "not-said";
}

export function isVoid(result: Result, now: Instant): boolean {
  return result.versions.some(({ at, status }) => at < now && status === "entered-in-error");
}

export function withdrawnAt(result: Result, now: Instant): Instant | undefined {
  return result.versions.find(({ at, status }) => at < now && status === "cancelled")?.at;
}

/** When a result was taken back: withdrawn, or entered in error. */
export function undoneAt(results: readonly Result[], now: Instant): Instant | undefined {
  const undone = results.flatMap(({ versions }) =>
    versions.filter(({ at, status }) => at < now && (status === "cancelled" || status === "entered-in-error")).map(({ at }) => at),
  );
  return undone.length === 0 ? undefined : Math.max(...undone);
}

/** What calls off a loop that this event opened: the next news of the report, or its withdrawal. */
export function calledOffAt(result: Result, events: readonly ResultEvent[], index: number, now: Instant): Instant | undefined {
  const instants = [events[index + 1]?.at, withdrawnAt(result, now)].filter((at) => at !== undefined);
  return instants.length === 0 ? undefined : Math.min(...instants);
}
