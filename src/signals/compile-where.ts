import type { Activity } from "../domain/activity.ts";
import type { Where } from "../domain/signal.ts";
import type { WrittenWhere } from "./clause-schema.ts";
import { listed } from "./written-values.ts";

export function compileWhere(written: WrittenWhere): Where {
  const { urgency, setting, priority, kind } = written;
  return {
    ...(urgency && { urgency: listed(urgency) }),
    ...(setting && { setting: listed(setting) }),
    ...(priority && { priority: listed(priority) }),
    ...(kind && { kind: listed(kind) }),
  };
}

/** What only a person does; anything else may also come from a machine (a report that arrives, a task set to completed). */
export const byPersons: readonly Activity[] = ["result.viewed", "result.acknowledged", "result.communicated"];
