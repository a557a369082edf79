import type { Instant } from "../../src/domain/instant.ts";
import { putTaskAudit } from "./audits.ts";
import { DAY, HOUR, drawOpening, drawSpelling, midnight, near, nearLoop, write } from "./moments.ts";
import type { Patient } from "./patients.ts";
import { staff } from "./people.ts";
import { putVersionProvenance } from "./provenances.ts";
import { concept, refer } from "./references.ts";
import type { Report } from "./reports.ts";
import { putVersions, type Version } from "./versions.ts";
import { draw, tally, type Evidence, type Json, type Ward } from "./ward.ts";

/** Statuses, one a version; `same` keeps the status while due date, priority or owner may change. */
const histories = {
  requested: 5,
  "requested accepted in-progress completed": 4,
  "requested completed": 8,
  completed: 4,
  "requested rejected": 2,
  "requested cancelled": 3,
  "requested failed": 1,
  "draft requested": 2,
  draft: 1,
  "requested same same": 4,
  "requested same completed": 4,
  "requested on-hold in-progress": 1,
  "ready completed completed": 1,
  "completed in-progress completed": 1,
  "requested entered-in-error": 2,
  received: 1,
  "in-progress": 1,
  cancelled: 1,
};
const withinOf = { stat: 4 * HOUR, asap: DAY, urgent: 3 * DAY, routine: 14 * DAY, none: 14 * DAY };
const owners = { doctor: 6, nurse: 2, role: 2, team: 2, machine: 2, patient: 1, "care-team": 1, none: 2 };
const codes: Record<string, Json | undefined> = {
  approve: concept("http://hl7.org/fhir/CodeSystem/task-code", "approve"),
  review: concept("http://hospital.example/task", "review"),
  "sign-off": { coding: [{ code: "sign-off" }] },
  absent: undefined,
  other: concept("http://hl7.org/fhir/CodeSystem/task-code", "fulfill"),
};

/** A Task: a review of a report (`focus`, or only among its inputs), or work of its own. */
export function putTask(ward: Ward, patient: Patient, id: string, report?: Report): void {
  const shape = draw(ward, "encoding:task", { r4: 8, r5: 2, stu3: 2 });
  const opening = report === undefined ? drawOpening(ward) : near(ward, report.openings);
  const priority = draw(ward, "task-priority", { stat: 3, asap: 2, urgent: 2, routine: 2, none: 3 });
  const due = draw(ward, "task-due", { instant: 4, date: 3, none: 5 });
  const stated = due === "none" ? opening + withinOf[priority] : near(ward, [opening + withinOf[priority], opening + DAY]);
  const dues = [due === "date" ? midnight(ward, stated, "end") : stated, ...(report?.dues ?? [])];
  ward.dues.push(...dues.slice(0, 1));
  const place = report === undefined ? "none" : draw(ward, "report-in-task", { focus: 9, input: 3, "based-on": 1 });
  const code = draw(ward, "task-code", { approve: 4, review: 1, "sign-off": 1, absent: 3, other: 2 });
  const owner = draw(ward, "owner", owners);
  const body: Json = {
    intent: "order",
    code: codes[code],
    priority: priority === "none" ? undefined : priority,
    owner: ownerOf(owner, patient),
    restriction: restrict(ward, due, stated),
    authoredOn: ward.dice.chance(0.7) ? write(ward, opening, drawSpelling(ward)) : undefined,
    ...(ward.dice.chance(0.1) ? { "businessStatus ": { text: "on screen" } } : {}),
    focus: place === "focus" ? refer(ward, report?.key ?? "") : undefined,
    basedOn: place === "based-on" ? [refer(ward, report?.key ?? "")] : undefined,
    input: place === "input" ? [{ type: { text: "result" }, valueReference: refer(ward, report?.key ?? "") }] : undefined,
  };
  const identifier = ward.identifiers.get(patient.key);
  const forWhom = draw(ward, "task-for", { reference: 6, identifier: 3, absent: 1 });
  if (forWhom !== "absent") body["for"] = forWhom === "reference" ? refer(ward, patient.key, body) : { identifier };
  if (shape === "stu3") Object.assign(body, { requester: { agent: { reference: staff.doctor } }, context: { reference: "Encounter/e-1" } });
  if (shape === "r5")
    Object.assign(body, { requestedPerformer: [{ reference: { reference: staff.team } }], requester: { reference: staff.doctor } });
  const isReview = code !== "other" && (place === "focus" || (place !== "none" && code !== "absent"));
  const says = isReview ? "review" : place === "none" ? "work" : "action";
  const statuses = draw(ward, "task-history", histories).split(" ");
  const versions = tellVersions(ward, { body, statuses, opening, dues, due, patient, says });
  putVersions(ward, "Task", id, versions);
  const last = versions[versions.length - 1];
  if (last !== undefined && ward.dice.chance(0.25)) putTaskAudit(ward, `Task/${id}`, versions.length, last.at, `${id}-audit`);
  if (last !== undefined && ward.dice.chance(0.1))
    putVersionProvenance(ward, `Task/${id}/_history/${versions.length}`, last.at, `${id}-provenance`);
}

function ownerOf(owner: keyof typeof owners, patient: Patient): Json | undefined {
  const keys: Record<keyof typeof owners, string | undefined> = {
    doctor: staff.doctor,
    nurse: staff.nurse,
    role: staff.role,
    team: staff.team,
    machine: staff.machine,
    patient: patient.key,
    "care-team": staff.careTeam,
    none: undefined,
  };
  return keys[owner] === undefined ? undefined : { reference: keys[owner] };
}

function restrict(ward: Ward, due: "instant" | "date" | "none", at: Instant): Json | undefined {
  return due === "none" ? undefined : { period: { end: write(ward, at, due === "date" ? "date-only" : "utc") } };
}

interface Plan {
  readonly body: Json;
  readonly statuses: readonly string[];
  readonly opening: Instant;
  readonly dues: readonly Instant[];
  readonly due: "instant" | "date" | "none";
  readonly patient: Patient;
  /** What its completion says of a report it names: a review, or an action; `work` names none. */
  readonly says: "review" | "action" | "work";
}

function tellVersions(ward: Ward, plan: Plan): Version[] {
  const { statuses, opening, dues, says } = plan;
  let body = plan.body;
  let at = opening;
  return statuses.map((status, index): Version => {
    if (index > 0) at = Math.max(at + 1, nearLoop(ward, opening, dues));
    if (index > 0 && (status === "same" || ward.dice.chance(0.2))) body = change(ward, body, at, plan);
    body = { ...body, status: status === "same" ? body["status"] : status };
    const ended =
      status === "completed" ? draw(ward, "completion", { "execution-period": 4, "last-modified": 3, "last-updated": 3 }) : "last-updated";
    const stamped: Json = {
      ...body,
      executionPeriod: ended === "execution-period" ? { end: write(ward, at, drawSpelling(ward)) } : undefined,
      lastModified: ended === "last-modified" || (status !== "completed" && ward.dice.chance(0.4)) ? write(ward, at) : undefined,
    };
    return { at: at + ward.dice.pick([0, 1, 1_000]), body: stamped, evidence: evidenceOf(ward, says, status) };
  });
}

/** A site without completed Tasks has no completed review either; a Task that is an action is one in every status. */
function evidenceOf(ward: Ward, says: Plan["says"], status: string): Evidence | undefined {
  if (status === "completed" && (says === "work" || ward.silent.has("completed"))) return "completed";
  if (says === "action") return "actioned";
  return says === "review" && status === "completed" ? "acknowledged" : undefined;
}

/** A new due date, priority or owner, before or after the loop was due. */
function change(ward: Ward, body: Json, at: Instant, { dues, due, patient }: Plan): Json {
  const changed = draw(ward, "changed", { due: 4, priority: 2, owner: 2 });
  const end = near(ward, [at, (dues[0] ?? at) + DAY, (dues[0] ?? at) - HOUR]);
  if (changed === "due") tally(ward, at < (dues[0] ?? at) ? "changed-due:before-due" : "changed-due:after-due");
  const changes = {
    due: { restriction: restrict(ward, due === "none" ? "instant" : due, end) },
    priority: { priority: ward.dice.pick(["stat", "asap", "urgent", "routine"]) },
    owner: { owner: ownerOf(ward.dice.weigh(owners), patient) },
  };
  return { ...body, ...changes[changed] };
}
