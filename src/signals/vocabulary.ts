import { z } from "zod";
import { activities } from "../domain/activity.ts";
import type { Via } from "../domain/care-event.ts";
import type { ActorKind } from "../domain/facts.ts";
import { urgencies, verdicts, type Kind, type Priority, type Reason, type Setting, type Tier } from "../domain/verdict.ts";
import { oneOf } from "./written-values.ts";

/** The words that stand in signals and in their examples alike. */
export const activity = oneOf(activities, "activity");
export const urgency = oneOf(urgencies, "urgency");
export const setting = oneOf(["emergency", "inpatient", "outpatient", "other"] as const satisfies readonly Setting[], "setting");
export const priority = oneOf(["stat", "asap", "urgent", "routine"] as const satisfies readonly Priority[], "priority");
export const kind = oneOf(["laboratory", "imaging", "referral"] as const satisfies readonly Kind[], "kind");
export const via = oneOf(
  ["report", "order", "task", "audit", "provenance", "communication", "act", "patient"] as const satisfies readonly Via[],
  "kind of record",
);
export const grade = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)], {
  error: "Write a grade: 0 (chart opened), 1, 2 or 3 (direct).",
});
export const actorKind = oneOf(
  ["human", "team", "machine", "patient", "unidentified"] as const satisfies readonly ActorKind[],
  "kind of actor",
);
export const tier = oneOf(["worklist", "surveillance", "experimental"] as const satisfies readonly Tier[], "tier");
export const verdict = oneOf(verdicts, "verdict");
export const reason = oneOf(
  ["gap", "never-seen", "time-not-recorded", "observation-not-brought"] as const satisfies readonly Reason[],
  "reason",
);
