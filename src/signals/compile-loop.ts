import type { Activity } from "../domain/activity.ts";
import type { ClosingClause, Limit, LoopTemplate } from "../domain/signal.ts";
import type { Priority } from "../domain/verdict.ts";
import { byPersons, compileWhere } from "./compile-where.ts";
import type { WrittenLoop } from "./loop-schema.ts";
import { durationMs, listed } from "./written-values.ts";

/** A loop as detection reads it, with every default filled in. */
export function compileLoop(written: WrittenLoop): LoopTemplate {
  return {
    opens: written.opens.map(({ activity, where }) => ({ activity: listed(activity), ...(where && { where: compileWhere(where) }) })),
    closes: written.closes.flatMap(compileClosing),
    cancels: listed(written.cancels ?? []).map(({ activity, same }) => ({ activity: listed(activity), same: same ?? "subject" })),
    limits: widenPriorities(written.limits.map(compileLimit)),
    ...(written.unless && { unlessToldWithinMs: durationMs(written.unless["told-within"]) }),
  };
}

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
