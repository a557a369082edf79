import { actorNamed, isSamePerson, nobody, type Actor } from "./actors.ts";
import { acknowledgementsOf, reportsReviewed } from "./acknowledgements.ts";
import type { Audit } from "./audits.ts";
import { firstVersion } from "./authorship.ts";
import { listOf, objectOf, textOf, type Json } from "./json.ts";
import type { Result } from "./results.ts";
import { firstTime, instantAgainst, minute, type When } from "./times.ts";
import { isVoided, type History } from "./versions.ts";
import { exists, historiesOf, keyNamed, patientOf, type World } from "./world.ts";

export const actionTypes = ["ServiceRequest", "MedicationRequest", "Appointment", "Procedure", "CarePlan", "Communication", "Task"];

/** Something done for a patient, that may be follow-through of a result. */
export interface Action {
  readonly key: string;
  readonly when: When;
  readonly author: Actor;
  readonly patient: string | undefined;
  readonly names: ReadonlySet<string>;
}

export function readActions(world: World): Action[] {
  return historiesOf(world, ...actionTypes)
    .filter((history) => !isVoided(history))
    .map((history) => readAction(world, history))
    .filter((each) => each !== undefined)
    .filter((each) => exists(world, each.when));
}

const namingFields = ["basedOn", "reasonReference", "reason", "supportingInfo", "supportingInformation", "about"];

function readAction(world: World, history: History): Action | undefined {
  // "Times … else `meta.lastUpdated` of the first such version"; "later revocation leaves it".
  const version = firstVersion(history, (body) => isAction(history.type, body));
  if (version === undefined) return undefined;
  const { body } = version;
  if (history.type === "Task" && reportsReviewed(world, body).length > 0) return undefined; // "a Task that is no review"
  const author = authorOf(world, history.type, body);
  if (author.kind === "machine" || author.kind === "patient") return undefined; // "not by a Device or patient"
  const performed = [
    body["performedDateTime"],
    objectOf(body["performedPeriod"])["start"],
    body["occurrenceDateTime"],
    objectOf(body["occurrencePeriod"])["start"],
  ];
  const when =
    firstTime(world.zone, body["authoredOn"], body["created"], ...(history.type === "Procedure" ? performed : []), body["sent"]) ??
    version.updated;
  if (when === undefined) return undefined;
  return { key: history.key, when, author, patient: patientOf(world, history), names: namesOf(world, history.type, body) };
}

function isAction(type: string, body: Json): boolean {
  const status = textOf(body["status"]) ?? "";
  if (type === "Communication") return status === "completed"; // "Communication completed only"
  if (["draft", "proposed", "preparation", "not-done", "entered-in-error"].includes(status)) return false;
  return type === "CarePlan" || !["proposal", "plan", "option"].includes(textOf(body["intent"]) ?? "");
}

function authorOf(world: World, type: string, body: Json): Actor {
  switch (type) {
    case "ServiceRequest":
    case "MedicationRequest":
    case "Task":
      return actorNamed(world, body["requester"], body);
    case "CarePlan":
      return actorNamed(world, listOf(body["author"] ?? body["custodian"])[0], body);
    case "Communication":
      return actorNamed(world, body["sender"], body);
    case "Procedure": {
      const performers = listOf(body["performer"]).map((each) => actorNamed(world, objectOf(each)["actor"], body));
      if (body["recorder"] !== undefined) return actorNamed(world, body["recorder"], body);
      return performers.find((each) => each.kind === "human") ?? performers[0] ?? nobody;
    }
    default:
      return nobody;
  }
}

function namesOf(world: World, type: string, body: Json): Set<string> {
  const inputs = type === "Task" ? [...listOf(body["input"]).map((each) => objectOf(each)["valueReference"]), body["focus"]] : [];
  const named = [...namingFields.flatMap((field) => listOf(body[field])), ...inputs];
  return new Set(named.map((each) => keyNamed(world, each, body)).filter((each) => each !== undefined));
}

/** When somebody looked at a report (grade ≥ 1) or acknowledged it. */
interface Look {
  readonly when: When;
  readonly actor: Actor;
}

/** The times of `result.actioned` of grade ≥ 2 of one report. */
export function actionsOn(
  world: World,
  audits: readonly Audit[],
  result: Result,
  results: readonly Result[],
  actions: readonly Action[],
): When[] {
  const issue = result.events[0]?.when;
  if (issue === undefined) return [];
  const looks: Look[] = [...viewsOf(world, audits, result, issue), ...acknowledgementsOf(world, audits, result)];
  const patient = patientOf(world, result.history);
  return actions
    .filter((action) => {
      if (namesResult(action, result)) return true; // grade 3
      const isSamePatient = patient !== undefined && action.patient === patient;
      const isAfterIssue = instantAgainst(action.when, issue.at) !== undefined;
      // "The order names no other report, and is not the one that the report answers."
      if (!isSamePatient || !isAfterIssue || result.orders.has(action.key) || namesAnother(action, result, results)) return false;
      // "The look or acknowledgement came before, or within 5 minutes after, authoring."
      const last = Math.max(action.when.at, action.when.end - 1) + 5 * minute;
      return looks.some((look) => look.when.at <= last && isSamePerson(look.actor, action.author));
    })
    .map((action) => action.when);
}

/** "Naming an Observation of the report names the report." */
function namesResult(action: Action, result: Result): boolean {
  return action.names.has(result.history.key) || [...result.observations].some((each) => action.names.has(each));
}

function namesAnother(action: Action, result: Result, results: readonly Result[]): boolean {
  return (
    [...action.names].some((each) => each.startsWith("DiagnosticReport/") && each !== result.history.key) ||
    results.some((other) => other !== result && namesResult(action, other))
  );
}

/** `result.viewed` of grade 1 and more. */
function viewsOf(world: World, audits: readonly Audit[], result: Result, issue: When): Look[] {
  const patient = patientOf(world, result.history);
  const forms = result.history.versions.flatMap(({ body }) =>
    listOf(body["presentedForm"]).map((each) => keyNamed(world, textOf(objectOf(each)["url"]))),
  );
  const seen = new Set([result.history.key, ...result.observations, ...forms.filter((each) => each !== undefined)]);
  return audits
    .filter((audit) => audit.success && audit.actor.kind === "human" && exists(world, audit.when))
    .filter((audit) => {
      if (audit.read && audit.entities.some((each) => seen.has(each.key))) return true;
      // "A search of reports or observations of this patient after issue (1)."
      return (
        patient !== undefined &&
        audit.when.at >= issue.at &&
        audit.searches.some((each) => ["DiagnosticReport", "Observation"].includes(each.type ?? "") && each.patients.includes(patient))
      );
    })
    .map(({ when, actor }) => ({ when, actor }));
}
