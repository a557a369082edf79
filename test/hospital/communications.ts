import { drawSpelling, nearLoop, write } from "./moments.ts";
import { staff } from "./people.ts";
import { refer } from "./references.ts";
import type { Report } from "./reports.ts";
import { putVersions, type Version } from "./versions.ts";
import { draw, type Json, type Ward } from "./ward.ts";

const histories = {
  completed: 8,
  "in-progress": 1,
  "in-progress completed": 4,
  preparation: 1,
  "not-done": 1,
  "completed entered-in-error": 2,
};

/** A telephoned or sent result; it names the report, or (by `reasonReference`) one of its Observations. */
export function putCommunication(ward: Ward, report: Report, id: string): void {
  const opening = ward.dice.pick(report.openings);
  const at = nearLoop(ward, opening, report.dues);
  const times = draw(ward, "communication-time", { sent: 5, received: 2, both: 2, none: 2 });
  const names = draw(ward, "communication-names", { about: 5, basedOn: 3, reasonReference: 3 });
  const sender = draw(ward, "sender", { doctor: 5, "own-performer": 4, machine: 2, patient: 1, none: 1 });
  const senders: Record<typeof sender, string | undefined> = {
    doctor: staff.doctor,
    "own-performer": staff.performer,
    machine: staff.machine,
    patient: report.patient.key,
    none: undefined,
  };
  const from = senders[sender];
  const body: Json = {
    [names]: [refer(ward, names === "reasonReference" && ward.dice.chance(0.3) ? (report.observed[0]?.key ?? report.key) : report.key)],
    sent: times === "sent" || times === "both" ? write(ward, at, drawSpelling(ward)) : undefined,
    received: times === "received" || times === "both" ? write(ward, at + 60_000) : undefined,
    sender: from === undefined ? undefined : { reference: from },
    recipient: [{ reference: staff.nurse }],
  };
  body["subject"] = refer(ward, report.patient.key, body);
  const versions = draw(ward, "communication-history", histories)
    .split(" ")
    .map((status, index): Version => ({
      at: at + 1 + index * ward.dice.pick([1, 60_000, 3_600_000]),
      body: { ...body, status },
      evidence: "communicated",
    }));
  putVersions(ward, "Communication", id, versions);
}
