import { referenceLoops, type ReferenceInput, type ReferenceLoop } from "./reference.ts";
import { audit, coverAll, observation, order, report, task, utc } from "./resources.ts";

export const now = utc("2026-03-20T00:00:00Z");

export function scan(resources: readonly unknown[], over: Partial<ReferenceInput> = {}): ReferenceLoop[] {
  return referenceLoops({ site: "s", timeZone: "Europe/London", now, resources, coverage: coverAll, ...over });
}

/** `verdict`, or `verdict: reason`, of each loop of one signal, in order of opening. */
function verdicts(signal: string, resources: readonly unknown[], over: Partial<ReferenceInput> = {}): string[] {
  return scan(resources, over)
    .filter((each) => each.signal === signal && !each.subject.includes("/seen"))
    .map((each) => (each.reason === null ? each.verdict : `${each.verdict}: ${each.reason}`));
}

export const unacknowledged = (resources: readonly unknown[], over?: Partial<ReferenceInput>) =>
  verdicts("result-unacknowledged", resources, over);
export const uncommunicated = (resources: readonly unknown[], over?: Partial<ReferenceInput>) =>
  verdicts("critical-uncommunicated", resources, over);
export const unactioned = (resources: readonly unknown[], over?: Partial<ReferenceInput>) => verdicts("result-no-action", resources, over);
export const unresulted = (resources: readonly unknown[], over?: Partial<ReferenceInput>) => verdicts("order-unresulted", resources, over);
export const overdue = (resources: readonly unknown[], over?: Partial<ReferenceInput>) => verdicts("task-overdue", resources, over);

/** Somewhere at the site, each activity was once seen; the loops of these records are left out above. */
export const elsewhere = [
  report("seen", {
    issued: "2026-01-10T09:00:00Z",
    subject: { reference: "Patient/other" },
    basedOn: [{ reference: "ServiceRequest/seen" }],
  }),
  audit("seen", "verify", "DiagnosticReport/seen", { recorded: "2026-01-10T09:30:00Z" }),
  order("seen", { authoredOn: "2026-01-09T09:00:00Z", subject: { reference: "Patient/other" } }),
  order("seen-action", { authoredOn: "2026-01-11T09:00:00Z", supportingInfo: [{ reference: "DiagnosticReport/seen" }], category: [] }),
  task("seen", { authoredOn: "2026-01-10T09:00:00Z", status: "completed", lastModified: "2026-01-10T10:00:00Z" }),
];
export const critical = observation("k", { value: 7.1 });
export const withCritical = { result: [{ reference: "Observation/k" }] };
export const nine = "2026-03-02T09:00:00Z";
