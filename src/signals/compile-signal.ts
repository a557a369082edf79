import type { Activity } from "../domain/activity.ts";
import type { ClosingClause, Limit, LoopTemplate, Signal, Where } from "../domain/signal.ts";
import type { Priority } from "../domain/verdict.ts";
import type { WrittenLoop, WrittenSignal, WrittenWhere } from "./signal-schema.ts";
import { durationMs, listed } from "./written-values.ts";

/** A signal as detection reads it, with every default filled in. */
export function compileSignal(written: WrittenSignal): Signal {
  const { id, version, tier, severity, title, means, hazards } = written;
  return {
    id,
    version,
    tier,
    severity,
    title,
    means,
    oftenHarmless: written["often-harmless"],
    nextSteps: written["next-steps"],
    references: written.references.map((each) => ({ title: each.title, reviewBy: each["review-by"] })),
    hazards,
    loop: compileLoop(written.loop),
  };
}

function compileLoop(written: WrittenLoop): LoopTemplate {
  return {
    opens: written.opens.map(({ activity, where }) => ({ activity: listed(activity), ...(where && { where: compileWhere(where) }) })),
    closes: written.closes.flatMap(compileClosing),
    cancels: listed(written.cancels ?? []).map(({ activity, same }) => ({ activity: listed(activity), same: same ?? "subject" })),
    limits: widenPriorities(written.limits.map(compileLimit)),
    ...(written.unless && { unlessToldWithinMs: durationMs(written.unless["told-within"]) }),
  };
}

function compileWhere(written: WrittenWhere): Where {
  const { urgency, setting, priority, kind } = written;
  return {
    ...(urgency && { urgency: listed(urgency) }),
    ...(setting && { setting: listed(setting) }),
    ...(priority && { priority: listed(priority) }),
    ...(kind && { kind: listed(kind) }),
  };
}

/** What only a person does; anything else may also come from a machine (a report that arrives, a task set to completed). */
const byPersons: readonly Activity[] = ["result.viewed", "result.acknowledged", "result.communicated"];

/** One clause, or two where it names activities whose default differs. */
function compileClosing(written: WrittenLoop["closes"][number]): ClosingClause[] {
  const { via, grade, early, whenever, by } = written;
  const named = listed(written.activity);
  const isPersons = (activity: Activity) => (by === undefined ? byPersons.includes(activity) : by === "person");
  const clause = (who: ClosingClause["by"], activity: readonly Activity[]): ClosingClause => ({
    activity,
    by: who,
    ...(via && { via }),
    ...(grade !== undefined && { gradeAtLeast: grade }),
    ...(early !== undefined && { earlyMs: durationMs(early) }),
    ...(whenever && { whenever }),
  });
  const both = [
    clause("person", named.filter(isPersons)),
    clause(
      "anyone",
      named.filter((activity) => !isPersons(activity)),
    ),
  ];
  return both.filter(({ activity }) => activity.length > 0);
}

function compileLimit({ where, within, basis }: WrittenLoop["limits"][number]): Limit {
  return {
    ...(where && { where: compileWhere(where) }),
    ...(within === undefined ? { duration: "due" } : { withinMs: durationMs(within), duration: within }),
    basis,
  };
}

/** Priorities without a row (`signals.md` section 1): `asap` counts as urgent, and so does `stat`. */
function widenPriorities(limits: readonly Limit[]): Limit[] {
  const named = limits.flatMap(({ where }) => where?.priority ?? []);
  const missing = (["stat", "asap"] as const).filter((priority) => !named.includes(priority));
  return limits.map((limit) => {
    const priority: readonly Priority[] = limit.where?.priority ?? [];
    return priority.includes("urgent") ? { ...limit, where: { ...limit.where, priority: [...priority, ...missing] } } : limit;
  });
}
