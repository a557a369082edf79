import type { CriticalReading, ResultDetail } from "../domain/care-event.ts";
import type { DiagnosticReportFacts, Key, Ref } from "../domain/facts.ts";
import type { Instant, StatedTime } from "../domain/instant.ts";
import type { ObservationContent, Reading } from "../domain/observation.ts";
import type { Urgency } from "../domain/verdict.ts";
import { readLevel } from "./reading.ts";
import { currentVersion, newestVersion, type World } from "./world.ts";

type Level = "critical" | "abnormal" | "normal" | undefined;

/** How deep Observations may be members of one another. */
export const mostMemberLevels = 4;

/** The urgency of a result, what it would be if an unread Observation spoke, and what makes it critical. */
export interface ResultUrgency extends Pick<ResultDetail, "possible" | "critical" | "flagged"> {
  readonly urgency: Urgency;
  /** The reading that a clinician should see first. */
  readonly leading?: Reading;
}

/**
 * The urgency of a result from the observations that it names, in their newest versions held (`signals.md`, Urgency of
 * a result). `versions`: the opening version and the later ones up to the next opening; their lists count together.
 */
export function readUrgency(
  world: World,
  versions: readonly DiagnosticReportFacts[],
  openedAt: Instant,
  patient: Key | undefined,
): ResultUrgency {
  const contained = Object.fromEntries(versions.flatMap((version) => Object.entries(version.contained)));
  const observations = namedObservations(world, versions, contained);
  const seen = new Findings(world, openedAt, patient, contained);
  const levels = observations.map((each) => seen.levelOf(each));
  const spoken = levels.filter((level) => level !== "ignored");
  const conclusion = versions.some((version) => version.conclusionCritical);
  const held = spoken.filter((level) => level !== "unread");
  const urgency: Urgency =
    conclusion || held.includes("critical")
      ? "critical"
      : held.includes("abnormal")
        ? "abnormal"
        : spoken.length > 0 && spoken.every((level) => level === "normal") && !seen.memberUnread
          ? "normal"
          : "not-said";
  const unread = seen.memberUnread || spoken.includes("unread");
  const possible = unread
    ? possibleUrgencies(
        urgency,
        held.every((level) => level === "normal"),
      )
    : undefined;
  const flagged = urgency === "critical" && (seen.flagged || conclusion);
  return {
    urgency,
    ...(possible && { possible }),
    ...(seen.beyond.length > 0 && { critical: seen.beyond }),
    ...(flagged && { flagged: true as const }),
    ...(seen.leading && { leading: seen.leading }),
  };
}

/** What the unread reading could make of it; nothing where it could change nothing. */
function possibleUrgencies(urgency: Urgency, heldSayNormal: boolean): Urgency[] | undefined {
  if (urgency === "critical") return undefined;
  if (urgency === "abnormal") return ["critical", "abnormal"];
  return heldSayNormal ? ["critical", "abnormal", "not-said", "normal"] : ["critical", "abnormal", "not-said"];
}

type Named = { readonly content: ObservationContent; readonly voided: boolean } | "unread";

function namedObservations(
  world: World,
  versions: readonly DiagnosticReportFacts[],
  contained: Readonly<Record<Key, ObservationContent>>,
): Named[] {
  const refs = new Map<Key, Ref>();
  for (const version of versions) {
    for (const ref of version.results) refs.set(world.resolve(ref) ?? ref.key, ref);
  }
  const nameless = Math.max(0, ...versions.map((version) => version.namelessResults ?? 0));
  return [
    ...[...refs].map(([key, ref]) => findObservation(world, key, contained[ref.key])),
    ...Array.from({ length: nameless }, () => "unread" as const),
  ];
}

function findObservation(world: World, key: Key | undefined, contained?: ObservationContent): Named {
  if (contained) return { content: contained, voided: false };
  const versions = key === undefined ? [] : world.versions(key);
  const content = key === undefined ? undefined : newestVersion(world, key, "Observation");
  // A record that was deleted, and of which nothing else is held, says nothing: it is ignored like one entered in error.
  if (!content) return versions.length > 0 ? { content: silent, voided: true } : "unread";
  return { content, voided: versions.at(-1)?.voided ?? false };
}

const silent: ObservationContent = { status: "", categories: [], readings: [], members: [] };

class Findings {
  readonly beyond: CriticalReading[] = [];
  flagged = false;
  memberUnread = false;
  leading: Reading | undefined;
  readonly #world: World;
  readonly #contained: Readonly<Record<Key, ObservationContent>>;
  readonly #maybeChild: boolean;
  #leadingRank = 9;
  readonly #visited = new Set<ObservationContent>();

  constructor(world: World, openedAt: Instant, patient: Key | undefined, contained: Readonly<Record<Key, ObservationContent>>) {
    this.#world = world;
    this.#contained = contained;
    this.#maybeChild = maybeChild(world, patient, openedAt);
  }

  /** What an observation says: the worst of its own reading, components and members; `normal` only where all of it does. */
  levelOf(named: Named, depth = 0): Level | "unread" | "ignored" {
    // Deeper than what is read for it, nothing is: the same for every batch.
    if (named === "unread" || depth > mostMemberLevels) return "unread";
    const { content } = named;
    if (named.voided || ["entered-in-error", "cancelled"].includes(content.status) || this.#visited.has(content)) return "ignored";
    this.#visited.add(content);
    const [own, ...components] = content.readings.map((reading) => this.#read(reading));
    const [header] = content.readings;
    const members = content.members
      .map((ref) => this.levelOf(findObservation(this.#world, this.#world.resolve(ref), this.#contained[ref.key]), depth + 1))
      .filter((level) => level !== "ignored");
    if (members.includes("unread") || content.namelessMembers) this.memberUnread = true;
    const parts = [...components, ...members.filter((level) => level !== "unread")];
    // The header of a panel, which says nothing itself, says what its parts say.
    const speaks =
      parts.length === 0 || header?.display !== undefined || header?.value !== undefined || (header?.interpretations.length ?? 0) > 0;
    const all = speaks ? [own, ...parts] : parts;
    if (all.includes("critical")) return "critical";
    if (all.includes("abnormal")) return "abnormal";
    return all.every((level) => level === "normal") ? "normal" : undefined;
  }

  #read(reading: Reading): Level {
    const { level, beyond } = readLevel(reading, this.#maybeChild, this.#world.rules);
    if (beyond) this.beyond.push(beyond);
    else if (level === "critical") this.flagged = true;
    this.#offerLeading(reading, level);
    return level;
  }

  #offerLeading(reading: Reading, level: Level): void {
    const rank = level === "critical" ? 0 : level === "abnormal" ? 1 : level === undefined ? 3 : 2;
    if (rank < this.#leadingRank && reading.display !== undefined) {
      this.leading = reading;
      this.#leadingRank = rank;
    }
  }
}

/** Under 16 when the result came by any Patient that is this person, or of unknown age: then the stricter limit is taken. */
function maybeChild(world: World, patient: Key | undefined, at: Instant): boolean {
  const records = patient === undefined ? [] : world.patientsOf(patient);
  const births = records.map((record) => currentVersion(world, record, "Patient")?.birthDate).filter((birth) => birth !== undefined);
  return births.length === 0 || births.some((birth) => at < sixteenthBirthday(birth));
}

function sixteenthBirthday(birth: StatedTime): Instant {
  // A year or month of birth alone: as young as it allows.
  const date = new Date(birth.precision === "day" ? birth.at : birth.end);
  return date.setUTCFullYear(date.getUTCFullYear() + 16);
}
