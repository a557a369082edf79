import type { Instant } from "../../src/domain/instant.ts";
import { nearLoop, write } from "./moments.ts";
import { staff } from "./people.ts";
import { refer } from "./references.ts";
import type { Report } from "./reports.ts";
import { draw, put, type Json, type Ward } from "./ward.ts";

const lifecycle = (code: string): Json => ({ system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code });
const participant = (code: string): Json => ({
  coding: [{ system: "http://terminology.hl7.org/CodeSystem/provenance-participant-type", code }],
});

function putProvenance(ward: Ward, id: string, body: Json, told: Instant, recorded: Instant, evidence?: "acknowledged"): void {
  const times = draw(ward, "provenance-time", { recorded: 4, "occurred-and-recorded": 4, "occurred-period": 2 });
  const occurred =
    times === "recorded"
      ? {}
      : times === "occurred-period"
        ? { occurredPeriod: { start: write(ward, told - 1_000), end: write(ward, told) } }
        : { occurredDateTime: write(ward, told) };
  const named = draw(ward, "provenance-id", { told: 5, absent: 1 }) === "told" ? { id } : {};
  put(
    ward,
    { resourceType: "Provenance", ...named, ...body, ...occurred, recorded: write(ward, times === "recorded" ? told : recorded) },
    evidence,
  );
}

/** A signature on a report, or its authorship, which acknowledges nothing. */
export function putReportProvenance(ward: Ward, report: Report, id: string): void {
  const says = draw(ward, "provenance", {
    "activity-verify": 4,
    "activity-attest": 2,
    "agent-verifier": 3,
    "stu3-verify": 1,
    "agent-author": 2,
  });
  const who = draw(ward, "provenance-agent", { doctor: 5, role: 1, "own-performer": 2, "own-interpreter": 1, machine: 1 });
  const key = {
    doctor: staff.doctor,
    role: staff.role,
    "own-performer": staff.performer,
    "own-interpreter": staff.interpreter,
    machine: staff.machine,
  }[who];
  const agent: Json = { who: refer(ward, key) };
  const bodies: Record<typeof says, Json> = {
    "activity-verify": { activity: { coding: [lifecycle("verify")] }, agent: [agent] },
    "activity-attest": { activity: { coding: [lifecycle("attest")] }, agent: [agent] },
    "agent-verifier": { agent: [{ ...agent, type: participant("verifier") }] },
    "stu3-verify": { activity: lifecycle("verify"), agent: [{ role: [participant("verifier")], whoReference: { reference: key } }] },
    "agent-author": { agent: [{ ...agent, type: participant("author") }] },
  };
  const at = nearLoop(ward, ward.dice.pick(report.openings), report.dues);
  const target = [refer(ward, report.key), ...(ward.dice.chance(0.1) ? [{ reference: report.patient.key }] : [])];
  putProvenance(
    ward,
    id,
    { ...bodies[says], target },
    at,
    at + ward.dice.pick([1, 60_000, 3_600_000]),
    says === "agent-author" ? undefined : "acknowledged",
  );
}

/** Says who wrote one version of a Task. */
export function putVersionProvenance(ward: Ward, version: string, at: Instant, id: string): void {
  const key = draw(ward, "version-provenance", { machine: 2, human: 1 }) === "machine" ? staff.machine : staff.nurse;
  putProvenance(
    ward,
    id,
    {
      target: [{ reference: version }],
      activity: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-DataOperation", code: "UPDATE" }] },
      agent: [{ who: { reference: key } }],
    },
    at,
    at + 1,
  );
}
