import type { Chart, Task } from "../chart.ts";
import type { Instant } from "../london-time.ts";
import { concept, recordOf, reference, type FhirRecord, type Json, type Version } from "./record.ts";
import { iso } from "./iso.ts";
import { epr } from "./write-hospital.ts";

export function writeTasks(chart: Chart): FhirRecord[] {
  return chart.tasks.flatMap((task) => recordOf(task.key, listVersions(chart, task)));
}

function listVersions(chart: Chart, task: Task): Version[] {
  const { at, dues, handedOn, accepted, ended } = task;
  const changes = [
    ...dues.slice(1).map((change) => ({ at: change.at, content: restrict(change.due) })),
    ...handedOn.map(({ at: movedAt, to }) => ({ at: movedAt, content: { owner: reference(to.key) } })),
    ...(accepted === undefined ? [] : [{ at: accepted, content: { status: "accepted" } }]),
    ...(ended === undefined ? [] : [{ at: ended.at, content: tellEnd(task, ended) }]),
  ].sort((one, other) => one.at - other.at);
  let content: Json = { ...tellTask(chart, task), ...restrict(dues[0]?.due), status: "requested" };
  const versions: Version[] = [{ at, content: { ...content, lastModified: iso(at) } }];
  for (const change of changes) {
    content = { ...content, ...change.content };
    const version = { at: change.at, content: { ...content, lastModified: iso(change.at) } };
    // What changed at one instant is one version.
    if (versions.at(-1)?.at === change.at) versions[versions.length - 1] = version;
    else versions.push(version);
  }
  return versions;
}

function restrict(due: Instant | undefined): Json {
  return due === undefined ? {} : { restriction: { period: { end: iso(due) } } };
}

/** Half of them say when the work itself ended. */
function tellEnd({ key, at }: Task, ended: NonNullable<Task["ended"]>): Json {
  const isTold = ended.status === "completed" && key.length % 2 === 0;
  return { status: ended.status, executionPeriod: isTold ? { start: iso(at), end: iso(ended.at) } : undefined };
}

function tellTask({ patient }: Chart, { code, title, at, priority, owner, requester, encounter, about, order }: Task): Json {
  return {
    intent: "order",
    priority,
    code: code === undefined ? { text: title } : { ...concept(code.system, code.code, code.display), text: title },
    description: title,
    focus: about ? reference(about.result.key) : order?.in === "focus" ? reference(order.order.key) : undefined,
    basedOn: order?.in === "basedOn" ? [reference(order.order.key)] : undefined,
    for: reference(patient.key),
    encounter: encounter && reference(encounter.key),
    authoredOn: iso(at),
    requester: reference(requester === "machine" ? epr : requester.key),
    owner: reference(owner.key),
  };
}
