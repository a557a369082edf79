import type { Instant } from "../../src/domain/instant.ts";
import type { Priority } from "../../src/domain/verdict.ts";
import type { Audit } from "./audits.ts";
import { firstVersion } from "./authorship.ts";
import { hasCode, textOf, type Json } from "./json.ts";
import { isNowWithdrawn, type Result } from "./results.ts";
import { firstTime, type When } from "./times.ts";
import { isVoided, newestBody, type History } from "./versions.ts";
import { historiesOf, patientOf, type World } from "./world.ts";

/** One laboratory or imaging order that was placed. */
export interface Order {
  readonly history: History;
  readonly placed: When;
}

/** "`order.placed` laboratory or imaging": ServiceRequests only are of those kinds. */
export function readOrders(world: World): Order[] {
  return historiesOf(world, "ServiceRequest", "MedicationRequest").flatMap((history) => {
    const first = firstVersion(history, isPlaced);
    if (first === undefined || !isOfOpeningKind(history)) return [];
    // "`authoredOn`, else the first version's time."
    const placed = firstTime(world.zone, first.body["authoredOn"]) ?? first.updated;
    return placed === undefined ? [] : [{ history, placed }];
  });
}

/** "Drafts, proposals, plans and options open nothing." */
export function isPlaced(body: Json): boolean {
  return body["status"] !== "draft" && !["proposal", "plan", "option"].includes(textOf(body["intent"]) ?? "");
}

/** "SNOMED CT 108252007 or `laboratory`, `LAB` laboratory; … 363679005 or `imaging`, `RAD` imaging." */
function isOfOpeningKind(history: History): boolean {
  const body = newestBody(history);
  return hasCode([body["category"], body["code"]].flat(), ["108252007", "laboratory", "LAB", "363679005", "imaging", "RAD"]);
}

/** "Priorities without a row: … absent as routine." */
export function readPriority(value: unknown): Priority {
  const said = textOf(value);
  return said === "stat" || said === "asap" || said === "urgent" ? said : "routine";
}

/** `order.revoked`: a state of the order, at the later of its time and *o*; or an AuditEvent `delete` ("a delete alone revokes"). */
export function revocationsOf(audits: readonly Audit[], order: Order): When[] {
  const o: Instant = order.placed.at;
  const states = order.history.versions
    .filter((each) => !each.deleted && ["revoked", "cancelled", "stopped"].includes(textOf(each.body["status"]) ?? ""))
    .slice(0, 1)
    .flatMap((each) => (each.updated === undefined ? [] : [notBefore(each.updated, o)]));
  const deletes = audits
    .filter((each) => each.success && each.change === "delete" && each.entities.some((entity) => entity.key === order.history.key))
    .map((each) => each.when);
  return [...states, ...deletes];
}

export function notBefore(when: When, o: Instant): When {
  return when.at >= o ? when : { at: o, end: Math.max(o, when.end), bound: when.bound };
}

/**
 * `order.resulted`: "a DiagnosticReport (a result, preliminary or later; not withdrawn, not voided) whose `basedOn` is the
 * order"; "whenever the report that names it was issued, not before *o*".
 */
export function resultsOf(world: World, order: Order, results: readonly Result[]): When[] {
  return results
    .filter((each) => each.orders.has(order.history.key) && !isVoided(each.history) && !isNowWithdrawn(world, each.history))
    .flatMap((each) => each.events.map((event) => notBefore(event.when, order.placed.at)));
}

/** `patient.died`. */
export function deathsOf(world: World, history: History): When[] {
  const patient = patientOf(world, history);
  if (patient === undefined) return [];
  return historiesOf(world, "Patient")
    .filter((each) => world.naming.personOf(each.key) === world.naming.personOf(patient))
    .flatMap((each) => {
      const newest = each.versions.at(-1);
      if (newest === undefined || newest.deleted) return [];
      const said = firstTime(world.zone, newest.body["deceasedDateTime"]);
      if (said !== undefined) return [said];
      if (newest.body["deceasedBoolean"] !== true) return [];
      // "`deceasedBoolean` alone: `meta.lastUpdated` of the first version that says so, imprecise"; "always" an upper bound.
      const first = each.versions.find((version) => version.body["deceasedBoolean"] === true && version.updated !== undefined);
      return first?.updated === undefined ? [] : [{ ...first.updated, bound: true }];
    });
}
