import type { Activity } from "../domain/activity.ts";
import type { Calendar } from "../domain/calendar/calendar.ts";
import type { ClosingClause, Limit, LookBack, LoopTemplate, Precondition } from "../domain/signal.ts";
import type { Priority } from "../domain/verdict.ts";
import { byPersons, compileWhere } from "./compile-where.ts";
import type { WrittenLimit, WrittenLoop } from "./loop-schema.ts";
import type { ValueSets } from "./read-value-sets.ts";
import { durationMs, findWorkingTime, listed } from "./written-values.ts";

type WrittenPrecondition = Exclude<NonNullable<WrittenLoop["opens"][number]["after"]>, unknown[]>;
type WrittenLookBack = NonNullable<NonNullable<WrittenLoop["unless"]>["look-back"]>[number];

/** A loop as detection reads it, with every default filled in. */
export function compileLoop(written: WrittenLoop, sets: ValueSets, calendar: Calendar): LoopTemplate {
  const { unless, lapse, grace } = written;
  const lookBacks = unless?.["look-back"] ?? [];
  return {
    opens: written.opens.map(({ activity, where, after }) => ({
      activity: listed(activity),
      ...(where && { where: compileWhere(where, sets) }),
      ...(after && { after: listed(after).map((step) => compilePrecondition(step, sets)) }),
    })),
    closes: written.closes.flatMap((closing) => compileClosing(closing, sets)),
    cancels: listed(written.cancels ?? []).map(({ activity, same }) => ({ activity: listed(activity), same: same ?? "subject" })),
    limits: widenPriorities(written.limits.map((limit) => compileLimit(limit, sets, calendar))),
    ...(unless?.["told-within"] !== undefined && { unlessToldWithinMs: durationMs(unless["told-within"]) }),
    ...(lookBacks.length > 0 && { unless: lookBacks.map((lookBack) => compileLookBack(lookBack, sets)) }),
    ...(lapse && { lapse }),
    ...(grace && { grace }),
  };
}

function compilePrecondition(written: WrittenPrecondition, sets: ValueSets): Precondition {
  const { activity, where, same, within } = written;
  return {
    activity: listed(activity),
    same: same ?? "subject",
    ...(where && { where: compileWhere(where, sets) }),
    ...(within !== undefined && { withinMs: durationMs(within) }),
    ...(written["before-first"] && { beforeFirst: listed(written["before-first"]) }),
  };
}

function compileLookBack({ name, activity, where, same, within, before }: WrittenLookBack, sets: ValueSets): LookBack {
  return {
    name,
    activity: listed(activity),
    same: same ?? "patient",
    ...(where && { where: compileWhere(where, sets) }),
    ...(within !== undefined && { withinMs: durationMs(within) }),
    ...(before && { before }),
  };
}

/** One clause, or two where it names activities whose default differs. */
function compileClosing(written: WrittenLoop["closes"][number], sets: ValueSets): ClosingClause[] {
  const { where, same = "subject", via, grade, early, changed, whenever, by } = written;
  const named = listed(written.activity);
  const isPersons = (activity: Activity) => (by === undefined ? byPersons.includes(activity) : by === "person");
  const clause = (who: ClosingClause["by"], activity: readonly Activity[]): ClosingClause => ({
    activity,
    by: who,
    ...(where && { where: compileWhere(where, sets) }),
    // On the record itself is what nothing needs to say.
    ...(listed(same).join() !== "subject" && { same: listed(same) }),
    ...(via && { via }),
    ...(grade !== undefined && { gradeAtLeast: grade }),
    ...(early !== undefined && { earlyMs: durationMs(early) }),
    ...(written["not-before"] !== undefined && { notBeforeMs: durationMs(written["not-before"]) }),
    ...(changed && { changed }),
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

function compileLimit({ where, within, basis }: WrittenLimit, sets: ValueSets, calendar: Calendar): Limit {
  const working = within === undefined ? undefined : findWorkingTime(within);
  return {
    ...(where && { where: compileWhere(where, sets) }),
    ...(within === undefined
      ? { duration: "due" }
      : working
        ? { working: { ...working, calendar }, duration: within }
        : { withinMs: durationMs(within), duration: within }),
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
