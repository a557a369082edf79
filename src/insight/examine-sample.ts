import type { Activity } from "../domain/activity.ts";
import type { Actor, Facts, Key, Ref, TaskFacts } from "../domain/facts.ts";
import { asObject, type JsonObject } from "../normalise/loose-json.ts";
import { normalise, type NormaliseContext } from "../normalise/normalise.ts";
import { unmappedShape } from "./event-shape.ts";
import type { UnmappedShape } from "./suggest-mapping.ts";

/** What a sample of one type came to. */
export interface SampledType {
  readonly type: string;
  readonly sampled: number;
  /** Those that could not be used, by the code of the reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** How many of those that could be used carry what signals rest on, by what it is. */
  readonly shares: Readonly<Record<string, number>>;
}

export interface ExaminedSample {
  readonly types: readonly SampledType[];
  /** The most frequent first. */
  readonly unmapped: readonly UnmappedShape[];
  /** What some record of the sample tells of. */
  readonly activities: ReadonlySet<Activity>;
}

/** What the records of a sample carry, and what of them is not understood. Pure. */
export function examineSample(resources: readonly unknown[], context: NormaliseContext): ExaminedSample {
  const types = new Map<string, { sampled: number; refused: Record<string, number>; shares: Record<string, number> }>();
  const shapes = new Map<string, UnmappedShape>();
  const activities = new Set<Activity>();
  const read: { key: Key; facts: Facts }[] = [];
  for (const resource of resources) {
    const said = normalise(resource, context);
    if (said.kind === "skipped") continue;
    const type = (said.kind === "facts" ? said.facts.type : said.type) ?? "unreadable";
    const held = types.get(type) ?? { sampled: 0, refused: {}, shares: {} };
    types.set(type, held);
    held.sampled += 1;
    if (said.kind === "refused") {
      held.refused[said.code] = (held.refused[said.code] ?? 0) + 1;
      continue;
    }
    const json: JsonObject = asObject(resource) ?? {};
    for (const [what, carries] of Object.entries(carried(json, said.facts)))
      held.shares[what] = (held.shares[what] ?? 0) + (carries ? 1 : 0);
    read.push(said);
    const shape = unmappedShape(json, said.facts);
    if (shape === undefined) continue;
    const name = JSON.stringify(shape);
    shapes.set(name, { ...shape, count: (shapes.get(name)?.count ?? 0) + 1 });
  }
  // What its own performer verifies is the laboratory's authorising, and acknowledges nothing.
  const performers = new Map(
    read.flatMap(({ key, facts }) => (facts.type === "DiagnosticReport" ? [[key, facts.performers] as const] : [])),
  );
  for (const { facts } of read) for (const activity of toldBy(facts, performers)) activities.add(activity);
  return {
    types: [...types].map(([type, each]) => ({ type, ...each })).sort((a, b) => (a.type < b.type ? -1 : 1)),
    unmapped: [...shapes].sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1)).map(([, shape]) => shape),
    activities,
  };
}

function carried(json: JsonObject, facts: Facts): Readonly<Record<string, boolean>> {
  if (facts.type === "AuditEvent") {
    return {
      "a person": facts.actor.kind === "human",
      "a patient": facts.patient !== undefined,
      "a record": facts.entities.length > 0,
      "a known activity": facts.operation !== "other" || facts.lifecycle !== undefined || (facts.says?.length ?? 0) > 0,
      "an outcome": json["outcome"] !== undefined,
      "a time": facts.at !== undefined,
    };
  }
  if (facts.type === "Task") {
    return { "a due date": facts.due !== undefined, "an owner": facts.owner !== undefined, "a patient": facts.patient !== undefined };
  }
  if (facts.type === "DiagnosticReport") {
    return {
      "a result": facts.nature !== "note",
      "a patient": facts.patient !== undefined,
      "an issue time": facts.issued !== undefined,
      "its order": facts.basedOn.length > 0,
    };
  }
  return {};
}

type Performers = ReadonlyMap<Key, readonly Ref[]>;

function toldBy(facts: Facts, performers: Performers): readonly Activity[] {
  if (facts.voided) return [];
  return [
    ...(facts.says ?? []),
    ...usually(facts, performers).filter((activity) => !(facts.saysNot as readonly Activity[] | undefined)?.includes(activity)),
  ];
}

function usually(facts: Facts, performers: Performers): readonly Activity[] {
  if (facts.type === "AuditEvent") {
    if (!facts.success || facts.actor.kind !== "human" || !namesReport(facts.entities)) return [];
    if (facts.lifecycle === "attest") return isOthers(facts.entities, facts.actor, performers) ? ["result.acknowledged"] : [];
    return facts.operation === "read" ? ["result.viewed"] : [];
  }
  if (facts.type === "Task") return byTask(facts, performers);
  if (facts.type === "Provenance") {
    const isTold = facts.attests && namesReport(facts.targets) && isOthers(facts.targets, facts.actor, performers);
    return isTold ? ["result.acknowledged"] : [];
  }
  if (facts.type === "Communication") {
    return facts.status === "completed" && namesReport(facts.names) ? ["result.communicated", "result.actioned"] : [];
  }
  if (facts.type === "ServiceRequest" || facts.type === "MedicationRequest") {
    return namesReport(facts.names) ? ["order.placed", "result.actioned"] : ["order.placed"];
  }
  if (facts.type === "Appointment" || facts.type === "Procedure" || facts.type === "CarePlan") {
    return namesReport(facts.names) ? ["result.actioned"] : [];
  }
  if (facts.type === "DiagnosticReport" && facts.nature !== "note") {
    return facts.basedOn.length > 0 ? ["result.issued", "order.resulted"] : ["result.issued"];
  }
  return [];
}

function byTask(facts: TaskFacts, performers: Performers): readonly Activity[] {
  const isDone = facts.status === "completed";
  const ofReport = namesReport([facts.focus, ...facts.names]);
  const isReview = facts.review !== "other";
  const told: Activity[] = isDone ? ["task.requested", "task.completed"] : ["task.requested"];
  if (ofReport && !isReview) told.push("result.actioned");
  if (ofReport && isReview && isDone && isOthers([facts.focus], facts.owner, performers)) told.push("result.acknowledged");
  return told;
}

function namesReport(refs: readonly (Ref | undefined)[]): boolean {
  return refs.some((ref) => ref !== undefined && (ref.key.startsWith("DiagnosticReport/") || ref.key.includes("|")));
}

/** Not by who performed the reports that it names, as far as the sample holds them. */
function isOthers(reports: readonly (Ref | undefined)[], actor: Actor | undefined, performers: Performers): boolean {
  return !reports.some((ref) => performers.get(ref?.key ?? "")?.some(({ key }) => key === actor?.ref?.key));
}
