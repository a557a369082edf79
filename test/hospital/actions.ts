import type { Instant } from "../../src/domain/instant.ts";
import { drawSpelling, near, nearLoop, write } from "./moments.ts";
import { staff } from "./people.ts";
import { refer } from "./references.ts";
import type { Report } from "./reports.ts";
import { putVersions } from "./versions.ts";
import { draw, tally, type Json, type Ward } from "./ward.ts";

/** How each type says what led to it, when it happened, who did it, whose it is, and which statuses it may take. */
interface Kind {
  readonly weight: number;
  readonly names: string;
  readonly time: (at: string) => Json;
  readonly by: (reference: Json) => Json;
  readonly subject: "subject" | "participant";
  readonly statuses: Readonly<Record<string, number>>;
}

const kinds: Readonly<Record<string, Kind>> = {
  ServiceRequest: {
    weight: 4,
    names: "reasonReference",
    time: (at) => ({ authoredOn: at }),
    by: (requester) => ({ requester }),
    subject: "subject",
    statuses: { active: 6, draft: 1, completed: 1, "entered-in-error": 1 },
  },
  MedicationRequest: {
    weight: 3,
    names: "reasonReference",
    time: (at) => ({ authoredOn: at }),
    by: (requester) => ({ requester }),
    subject: "subject",
    statuses: { active: 6, draft: 1, stopped: 1 },
  },
  Appointment: {
    weight: 2,
    names: "supportingInformation",
    time: (at) => ({ created: at }),
    by: () => ({}),
    subject: "participant",
    statuses: { booked: 4, proposed: 1, noshow: 1, fulfilled: 1 },
  },
  Procedure: {
    weight: 2,
    names: "reasonReference",
    time: (at) => ({ performedPeriod: { start: at } }),
    by: (actor) => ({ performer: [{ actor }] }),
    subject: "subject",
    statuses: { completed: 4, preparation: 1, "not-done": 1 },
  },
  CarePlan: {
    weight: 2,
    names: "supportingInfo",
    time: (at) => ({ created: at }),
    by: (author) => ({ author }),
    subject: "subject",
    statuses: { active: 4, draft: 1 },
  },
};

/** An action that names the report or an Observation of it, or names neither and counts only by who had looked. */
export function putAction(ward: Ward, report: Report, id: string, look?: { readonly at: Instant; readonly key: string }): void {
  const type = draw(ward, "action", Object.fromEntries(Object.entries(kinds).map(([name, { weight }]) => [name, weight])));
  const kind = kinds[type] as Kind;
  const naming = draw(ward, "action-names", { report: 4, observation: 2, nothing: look === undefined ? 2 : 8, "another-report": 1 });
  const at =
    naming === "nothing" && look !== undefined ? near(ward, [look.at]) : nearLoop(ward, ward.dice.pick(report.openings), report.dues);
  if (naming === "nothing" && look !== undefined) tally(ward, at < look.at ? "action-before-look" : "action-after-look");
  const named: Record<typeof naming, string | undefined> = {
    report: report.key,
    observation: report.observed[0]?.key,
    nothing: undefined,
    "another-report": "DiagnosticReport/dr-1",
  };
  const key = named[naming];
  const by = draw(ward, "action-by", { looker: look === undefined ? 0 : 12, doctor: 4, role: 1, machine: 1, patient: 1 });
  const actor = {
    looker: look?.key ?? staff.doctor,
    doctor: staff.doctor,
    role: staff.role,
    machine: staff.machine,
    patient: report.patient.key,
  }[by];
  const body: Json = {
    ...(draw(ward, "action-time", { told: 6, absent: 1 }) === "told" ? kind.time(write(ward, at, drawSpelling(ward))) : {}),
    ...kind.by({ reference: actor }),
    ...(key === undefined ? {} : { [kind.names]: [refer(ward, key)] }),
    intent: type.endsWith("Request") ? ward.dice.pick(["order", "order", "plan"]) : type === "CarePlan" ? "plan" : undefined,
  };
  if (kind.subject === "subject") body["subject"] = refer(ward, report.patient.key, body);
  else body["participant"] = [{ actor: refer(ward, report.patient.key, body), status: "accepted" }];
  const status = draw(ward, `status-of-${type}`, kind.statuses);
  const revoked = ward.dice.chance(0.1)
    ? [{ at: at + 3_600_000, body: { ...body, status: "cancelled" }, evidence: "actioned" as const }]
    : [];
  if (revoked.length > 0) tally(ward, "action-revoked-later");
  putVersions(ward, type, id, [{ at: at + 1, body: { ...body, status }, evidence: "actioned" }, ...revoked]);
}
