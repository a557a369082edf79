import type { Instant, Interval } from "../../src/domain/instant.ts";
import type { Reason, Verdict } from "../../src/domain/verdict.ts";
import { holesOf, uncoveredOf, type Feeds } from "./coverage.ts";
import { isObject, objectOf, textOf, type Json } from "./json.ts";
import { earliest, judge, type Grounds } from "./judge.ts";
import { nameEverything } from "./people.ts";
import { reasonToQuarantine } from "./quarantine.ts";
import { runSignals, type OpenLoop, type SignalRun } from "./signals.ts";
import { hour, yearsBefore } from "./times.ts";
import { gatherHistories, keyOf } from "./versions.ts";
import { patientOf, type World } from "./world.ts";

export interface ReferenceInput {
  readonly site: string;
  readonly timeZone: string;
  readonly now: Instant;
  /** `--since`, where given. */
  readonly since?: Instant;
  /** Default PT6H. */
  readonly blindAfterMs?: number;
  /** Default P2Y before `now`, by the calendar. */
  readonly retentionMs?: number;
  /** Parsed JSON resources, any order, duplicates allowed; a deletion is `{resourceType, id, meta, deleted: true}`. */
  readonly resources: readonly unknown[];
  readonly coverage: Readonly<Record<string, readonly Interval[]>>;
}

export interface ReferenceLoop {
  readonly signal: string;
  readonly subject: string;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly metAt: Instant | null;
  readonly verdict: Verdict;
  readonly reason: Reason | null;
  readonly beforeWatch: boolean;
  readonly opening: string;
  readonly patient: string;
}

/** Resources that the text sends to quarantine, with the reason in a word. */
export function referenceQuarantine(input: ReferenceInput): { resource: unknown; reason: string }[] {
  return input.resources.flatMap((resource) => {
    const reason = reasonToQuarantine(resource, input.timeZone);
    return reason === undefined ? [] : [{ resource, reason }];
  });
}

export function referenceLoops(input: ReferenceInput): ReferenceLoop[] {
  const quarantined = referenceQuarantine(input)
    .map((each) => each.resource)
    .filter(isObject)
    .filter((each) => !isSuperseded(input, each));
  const world = buildWorld(input);
  const feeds: Feeds = { declared: input.coverage, holes: holesOf(world, input.coverage, quarantined), quarantined };
  const watchFrom = watchFromOf(input);
  return (
    runSignals(world)
      // "A signal none of whose closing activities any feed of the site can carry does not run."
      .filter((run) => run.neededTypes.some((type) => world.has(type)))
      .flatMap((run) => run.loops.map((loop) => judgeLoop(input, world, feeds, run, loop, watchFrom)))
      .filter((each) => each !== undefined)
      .sort((a, b) => compareText(a.signal, b.signal) || compareText(a.subject, b.subject) || a.openedAt - b.openedAt || a.dueAt - b.dueAt)
  );
}

/** "A quarantined resource is superseded by the same version of it, read well; what is written once, by any." */
function isSuperseded(input: ReferenceInput, quarantined: Json): boolean {
  const key = keyOf(quarantined);
  const version = textOf(objectOf(quarantined["meta"])["versionId"]);
  return input.resources.some((each) => {
    if (!isObject(each) || key === undefined || keyOf(each) !== key || reasonToQuarantine(each, input.timeZone) !== undefined) return false;
    if (["AuditEvent", "Provenance"].includes(textOf(each["resourceType"]) ?? "")) return true;
    return version !== undefined && textOf(objectOf(each["meta"])["versionId"]) === version;
  });
}

function buildWorld(input: ReferenceInput): World {
  const bodies = input.resources.filter((each): each is Json => isObject(each) && reasonToQuarantine(each, input.timeZone) === undefined);
  const histories = gatherHistories(bodies, input.timeZone);
  // "Named in a `coverage.json` …, or a resource of the type is held" (also in quarantine: the feed is there, and was not understood).
  const held = new Set(input.resources.filter(isObject).map((each) => textOf(each["resourceType"])));
  return {
    zone: input.timeZone,
    now: input.now,
    line: input.retentionMs === undefined ? yearsBefore(input.now, 2) : input.now - input.retentionMs,
    histories,
    naming: nameEverything(histories, bodies),
    has: (type) => held.has(type) || input.coverage[type] !== undefined,
  };
}

/** "`--since` where given, else … the earliest instant covered in any *opening* feed of the enabled signals." */
function watchFromOf(input: ReferenceInput): Instant {
  if (input.since !== undefined) return input.since;
  const opening = ["DiagnosticReport", "ServiceRequest", "MedicationRequest", "Task"];
  const starts = opening
    .flatMap((type) => input.coverage[type] ?? [])
    .filter((each) => each.from < each.to)
    .map((each) => each.from);
  // Where no opening feed is covered at all, nothing is hidden as `before-watch`.
  return starts.length === 0 ? -Infinity : Math.min(...starts);
}

function judgeLoop(
  input: ReferenceInput,
  world: World,
  feeds: Feeds,
  run: SignalRun,
  loop: OpenLoop,
  watchFrom: Instant,
): ReferenceLoop | undefined {
  const grounds: Grounds = {
    now: input.now,
    blindAfterMs: input.blindAfterMs ?? 6 * hour,
    voided: loop.voided,
    closings: loop.closings,
    cancels: loop.cancels,
    neverSeen: !run.seen,
    uncovered: (due) => uncoveredOf(world, feeds, run.closingTypes, loop.subject, loop.o, due),
  };
  const judgement = judge(grounds, loop.dues);
  if (judgement === undefined) return undefined;
  return {
    signal: loop.signal,
    subject: loop.subject.key,
    openedAt: loop.o,
    dueAt: judgement.dueAt,
    metAt: judgement.verdict === "cancelled" ? null : (earliest(loop.closings)?.at ?? null),
    verdict: judgement.verdict,
    reason: judgement.reason,
    beforeWatch: loop.o < watchFrom,
    opening: loop.opening,
    patient: patientOf(world, loop.subject) ?? loop.subject.key,
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
