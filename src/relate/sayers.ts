import type { Activity } from "../domain/activity.ts";
import type { AuditEventFacts } from "../domain/facts.ts";
import { madeFrom } from "../domain/made-from.ts";

/** Records that may say an activity: all of a type, or those AuditEvents that tell of such a thing. */
export interface Sayers {
  readonly type: string;
  readonly telling?: Pick<AuditEventFacts, "lifecycle"> | Pick<AuditEventFacts, "operation">;
}

/** What AuditEvents say beside looks, which are most of what is held. */
const auditsTelling: Partial<Readonly<Record<Activity, NonNullable<Sayers["telling"]>>>> = {
  "document.sent": { lifecycle: "transmit" },
  "order.revoked": { operation: "delete" },
};

/** Who may say an activity, by the default mapping; undefined: anybody. */
export function sayersOf(activity: Activity): Sayers[] | undefined {
  const telling = auditsTelling[activity];
  const types = madeFrom[activity];
  if (types === undefined) return undefined;
  const others = types.filter((type) => type !== "AuditEvent" || telling === undefined).map((type) => ({ type }));
  return telling === undefined ? others : [...others, { type: "AuditEvent", telling }];
}
