import type { Instant } from "../../src/domain/instant.ts";
import { DAY, HOUR, drawOpening, drawSpelling, midnight, near, nearLoop, write } from "./moments.ts";
import type { Patient } from "./patients.ts";
import { staff, type StaffName } from "./people.ts";
import { concept, identify, refer } from "./references.ts";
import { putVersions, type Version } from "./versions.ts";
import { draw, tally, type Json, type Ward } from "./ward.ts";

export interface Order {
  readonly key: string;
  readonly patient: Patient;
  readonly requester: string;
  readonly placedAt: Instant;
  readonly dues: readonly Instant[];
  /** When its last version was stored, for the AuditEvent that tells who changed it. */
  readonly changedAt: Instant;
}

const SNOMED = "http://snomed.info/sct";
const kinds: Record<string, Json | undefined> = {
  laboratory: concept(SNOMED, "108252007"),
  "laboratory-word": concept("http://hospital.example/kind", "LAB"),
  imaging: concept(SNOMED, "363679005"),
  "imaging-word": concept("http://hospital.example/kind", "imaging"),
  referral: concept(SNOMED, "3457005"),
  "referral-word": { coding: [{ code: "referral" }] },
  other: concept(SNOMED, "409063005"),
  none: undefined,
};

/** Statuses, one a version. */
const histories = {
  active: 12,
  "active completed": 4,
  "active revoked": 6,
  revoked: 2,
  completed: 2,
  "draft active": 3,
  draft: 1,
  "active entered-in-error": 2,
  "entered-in-error": 1,
  "active on-hold active": 2,
  "active completed entered-in-error": 1,
  "active revoked active": 1,
  "active active active": 3,
};
const medicationStatus: Record<string, string> = { revoked: "stopped" };

const withinOf = { stat: DAY, urgent: 7 * DAY, asap: 7 * DAY, routine: 90 * DAY, none: 90 * DAY };

/** A request with its history. Its last change is stored near a due, where a revocation turns the verdict. */
export function putOrder(ward: Ward, patient: Patient, id: string): Order {
  const opening = drawOpening(ward);
  const type = draw(ward, "order", { ServiceRequest: 8, MedicationRequest: 2 });
  const priority = draw(ward, "order-priority", { stat: 5, urgent: 4, asap: 2, routine: 2, none: 2 });
  // Silence about actions holds only if no order can count as the action of a person who looked.
  const who: StaffName = ward.silent.has("actioned")
    ? "machine"
    : draw(ward, "order-requester", { doctor: 5, role: 2, nurse: 2, clerk: 1, machine: 1, team: 1 });
  const key = `${type}/${id}`;
  const spelling = draw(ward, "authored", { told: 14, absent: 3 }) === "told" ? drawSpelling(ward) : undefined;
  const dues = [(spelling === "date-only" ? midnight(ward, opening, "start") : opening) + withinOf[priority]];
  ward.dues.push(...dues);
  const kind = draw(ward, "order-kind", {
    laboratory: 6,
    "laboratory-word": 2,
    imaging: 3,
    "imaging-word": 1,
    referral: 2,
    "referral-word": 1,
    other: 1,
    none: 1,
  });
  const intent = draw(ward, "intent", { order: 16, plan: 1, proposal: 1, option: 1, "reflex-order": 1 });
  const body: Json = {
    identifier: ward.dice.chance(0.5) ? [identify(ward, key, "https://hospital.example/Id/order", id)] : undefined,
    intent,
    category: kinds[kind] === undefined ? undefined : [kinds[kind]],
    priority: priority === "none" ? undefined : priority,
    authoredOn: spelling && write(ward, opening, spelling),
    code: { text: "full blood count" },
  };
  body["subject"] = refer(ward, patient.key, body);
  if (ward.dice.chance(0.15) && type === "ServiceRequest") body["requester"] = { agent: { reference: staff[who] } };
  else body["requester"] = refer(ward, staff[who], body);
  const statuses = draw(ward, "order-history", histories).split(" ");
  let at = opening;
  const versions = statuses.map((status, index): Version => {
    if (index > 0) at = Math.max(at + 1, nearLoop(ward, opening, dues));
    const reprioritised = index > 0 && ward.dice.chance(0.3) ? { priority: ward.dice.pick(["stat", "urgent", "routine"]) } : {};
    if ("priority" in reprioritised) tally(ward, "order-priority-changed");
    return {
      at,
      body: { ...body, ...reprioritised, status: type === "MedicationRequest" ? (medicationStatus[status] ?? status) : status },
    };
  });
  putVersions(ward, type, id, versions);
  return { key, patient, requester: staff[who], placedAt: opening, dues, changedAt: at };
}

/** An instant within five minutes of an order's last change, or a millisecond beyond. */
export function nearChange(ward: Ward, order: Order): Instant {
  return near(ward, [order.changedAt, order.changedAt, order.changedAt - HOUR]);
}
