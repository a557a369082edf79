import type { ClosingClause, LookBack, LoopTemplate, Precondition, ValueCondition, Where } from "../../src/domain/signal.ts";

interface LoopMutation {
  readonly what: string;
  readonly loop: LoopTemplate;
}

/** Every way in which a definition could be slightly wrong, each of which some example must notice. */
export function loopMutations(loop: LoopTemplate): LoopMutation[] {
  const { opens, closes, cancels, limits, unless, grace, unlessToldWithinMs } = loop;
  return [
    ...opens.flatMap((clause, index) => [
      ...lessEach(clause.activity).map(([gone, activity]) => ({
        what: `${gone} opens nothing`,
        loop: { ...loop, opens: opens.with(index, { ...clause, activity }) },
      })),
      ...lessConditions(clause.where).map(([gone, where]) => ({
        what: `${gone} opens nothing`,
        loop: { ...loop, opens: opens.with(index, { ...clause, where }) },
      })),
      ...(clause.after ?? []).flatMap((step, place) => [
        {
          what: `opening ${String(index)} not after ${String(place)}`,
          loop: withAfter(loop, index, clause.after?.toSpliced(place, 1) ?? []),
        },
        ...weakenedStep(step).map(([what, weak]) => ({
          what: `opening ${String(index)} after ${String(place)}: ${what}`,
          loop: withAfter(loop, index, clause.after?.with(place, weak) ?? []),
        })),
      ]),
      ...(clause.where
        ? [
            {
              what: `opening ${String(index)} asks for nothing`,
              loop: { ...loop, opens: opens.with(index, { activity: clause.activity, ...(clause.after && { after: clause.after }) }) },
            },
          ]
        : []),
    ]),
    ...closes.flatMap((clause, index) => [
      { what: `closing ${String(index)} is gone`, loop: { ...loop, closes: closes.toSpliced(index, 1) } },
      ...weakened(clause).map(([what, closing]) => ({
        what: `closing ${String(index)}: ${what}`,
        loop: { ...loop, closes: closes.with(index, closing) },
      })),
    ]),
    ...cancels.flatMap((clause, index) => [
      ...lessEach(clause.activity).map(([gone, activity]) => ({
        what: `${gone} cancels nothing`,
        loop: { ...loop, cancels: cancels.with(index, { ...clause, activity }) },
      })),
      ...(["subject", "patient"] as const)
        .filter((same) => same !== clause.same)
        .map((same) => ({
          what: `cancelled by the same ${same}`,
          loop: { ...loop, cancels: cancels.with(index, { ...clause, same }) },
        })),
    ]),
    ...limits.slice(1).flatMap((limit, index) => {
      const before = limits[index];
      if (before === undefined || before.withinMs === limit.withinMs || excludeEachOther(before.where, limit.where)) return [];
      const swapped = limits.toSpliced(index, 2, limit, before);
      return [{ what: `limit ${String(index + 1)} before ${String(index)}`, loop: { ...loop, limits: swapped } }];
    }),
    ...limits.flatMap((limit, index) => [
      { what: `limit ${String(index)} is gone`, loop: { ...loop, limits: limits.toSpliced(index, 1) } },
      ...scaled(limit.withinMs).map(([what, withinMs]) => ({
        what: `limit ${String(index)} ${what}`,
        loop: { ...loop, limits: limits.with(index, { ...limit, withinMs }) },
      })),
      ...lessConditions(limit.where).map(([gone, where]) => ({
        what: `limit ${String(index)} without ${gone}`,
        loop: { ...loop, limits: limits.with(index, { ...limit, where }) },
      })),
    ]),
    ...(unless ?? []).flatMap((excuse, index) => [
      { what: `${excuse.name} excuses nothing`, loop: { ...loop, unless: unless?.toSpliced(index, 1) ?? [] } },
      ...lookBackMutations(excuse).map(([what, weak]) => ({
        what: `${excuse.name}: ${what}`,
        loop: { ...loop, unless: unless?.with(index, weak) ?? [] },
      })),
    ]),
    ...(grace
      ? (["due", "lapse"] as const).map((part) => ({
          what: `${part} sooner`,
          loop: { ...loop, grace: { ...grace, [part]: grace[part] - 0.1 } },
        }))
      : []),
    ...(loop.lapse ? [{ what: "never lapses", loop: withoutLapse(loop) }] : []),
    ...(unlessToldWithinMs === undefined ? [] : [{ what: "told before changes nothing", loop: withoutTold(loop) }]),
    ...scaled(unlessToldWithinMs).map(([what, within]) => ({ what: `told within ${what}`, loop: { ...loop, unlessToldWithinMs: within } })),
  ];
}

function withoutLapse({ lapse: _, ...loop }: LoopTemplate): LoopTemplate {
  return loop;
}

function withoutTold({ opens, closes, cancels, limits }: LoopTemplate): LoopTemplate {
  return { opens, closes, cancels, limits };
}

function weakened({
  activity,
  where,
  same,
  by,
  via,
  gradeAtLeast,
  earlyMs,
  notBeforeMs,
  changed,
  whenever,
}: ClosingClause): [string, ClosingClause][] {
  const clause = {
    activity,
    by,
    ...(where && { where }),
    ...(same && { same }),
    ...(via && { via }),
    ...(gradeAtLeast !== undefined && { gradeAtLeast }),
    ...(earlyMs !== undefined && { earlyMs }),
    ...(notBeforeMs !== undefined && { notBeforeMs }),
    ...(changed && { changed }),
    ...(whenever && { whenever }),
  };
  return [
    ...(changed ? [["unchanged as well", withoutChanged(clause)] as [string, ClosingClause]] : []),
    ...(activity.length > 1
      ? lessEach(activity).map(([gone, left]): [string, ClosingClause] => [`${gone} closes nothing`, { ...clause, activity: left }])
      : []),
    ...lessConditions(where).map(([gone, left]): [string, ClosingClause] => [`not ${gone}`, { ...clause, where: left }]),
    ...(where ? [["asks for nothing", withoutWhere(clause)] as [string, ClosingClause]] : []),
    // Everything that is looked at is one patient's: the others are what narrows it.
    ...(same
      ? lessEach(same)
          .filter(([gone]) => gone !== "patient")
          .map(([gone, left]): [string, ClosingClause] => [`of any ${gone}`, { ...clause, same: left }])
      : []),
    ["by the other", { ...clause, by: by === "person" ? "anyone" : "person" }],
    ...(via ? [["via anything", { activity, by, ...(earlyMs !== undefined && { earlyMs }) }] as [string, ClosingClause]] : []),
    ...(gradeAtLeast === 2 ? [["of a higher grade only", { ...clause, gradeAtLeast: 3 }] as [string, ClosingClause]] : []),
    ...scaled(notBeforeMs).map(([what, later]): [string, ClosingClause] => [`not before ${what}`, { ...clause, notBeforeMs: later }]),
    ...scaled(earlyMs).map(([what, early]): [string, ClosingClause] => [`early ${what}`, { ...clause, earlyMs: early }]),
    ...(whenever ? [["not whenever", { activity, by }] as [string, ClosingClause]] : []),
  ];
}

function withoutWhere({ where: _, ...clause }: ClosingClause): ClosingClause {
  return clause;
}

function withoutChanged({ changed: _, ...clause }: ClosingClause): ClosingClause {
  return clause;
}

function withAfter(loop: LoopTemplate, index: number, after: readonly Precondition[]): LoopTemplate {
  return { ...loop, opens: loop.opens.map((clause, place) => (place === index ? { ...clause, after } : clause)) };
}

function weakenedStep(step: Precondition): [string, Precondition][] {
  const { beforeFirst, where } = step;
  return [
    ...(step.activity.length > 1
      ? lessEach(step.activity).map(([gone, activity]): [string, Precondition] => [`${gone} counts not`, { ...step, activity }])
      : []),
    ...lessConditions(where).map(([gone, left]): [string, Precondition] => [`not ${gone}`, { ...step, where: left }]),
    ...scaled(step.withinMs).map(([what, withinMs]): [string, Precondition] => [`within ${what}`, { ...step, withinMs }]),
    ...lessEach(beforeFirst ?? []).map(([gone, left]): [string, Precondition] => [`not before ${gone}`, { ...step, beforeFirst: left }]),
  ];
}

function lookBackMutations(excuse: LookBack): [string, LookBack][] {
  return [
    ...(excuse.activity.length > 1
      ? lessEach(excuse.activity).map(([gone, activity]): [string, LookBack] => [`${gone} excuses nothing`, { ...excuse, activity }])
      : []),
    ...lessConditions(excuse.where).map(([gone, where]): [string, LookBack] => [`not ${gone}`, { ...excuse, where }]),
    ...scaled(excuse.withinMs).map(([what, withinMs]): [string, LookBack] => [`within ${what}`, { ...excuse, withinMs }]),
    ...(excuse.before ? [["at the time too", withoutBefore(excuse)] as [string, LookBack]] : []),
  ];
}

function withoutBefore({ before: _, ...excuse }: LookBack): LookBack {
  return excuse;
}

function scaled(ms: number | undefined): [string, number][] {
  return ms === undefined
    ? []
    : [
        ["halved", ms / 2],
        ["a minute longer", ms + 60_000],
        ["a minute shorter", ms - 60_000],
      ];
}

function lessEach<T>(values: readonly T[]): [T, T[]][] {
  return values.map((gone) => [gone, values.filter((value) => value !== gone)]);
}

function lessConditions(where: Where = {}): [string, Where][] {
  return Object.entries(where).flatMap(([field, values]): [string, Where][] => {
    if (field === "age") return ages(where);
    if (field === "value" || field === "part") return comparisons(where, field);
    return lessEach<unknown>(values as readonly unknown[]).map(([gone, left]): [string, Where] => [
      nameOf(gone),
      { ...where, [field]: left },
    ]);
  });
}

/** No event meets both: it makes no difference which is asked first. */
function excludeEachOther(one: Where = {}, other: Where = {}): boolean {
  return (["urgency", "setting", "priority", "kind"] as const).some((field) => {
    const [a, b] = [one[field], other[field]] as [readonly string[] | undefined, readonly string[] | undefined];
    return a !== undefined && b !== undefined && !a.some((value) => b.includes(value));
  });
}

/** A bound a year off on either side. */
function ages(where: Where): [string, Where][] {
  const { from, to } = where.age ?? {};
  return [
    ...(from === undefined ? [] : [["a year younger", { ...where, age: { ...where.age, from: from - 1 } }] as [string, Where]]),
    ...(from === undefined ? [] : [["not quite so young", { ...where, age: { ...where.age, from: from + 1 } }] as [string, Where]]),
    ...(to === undefined ? [] : [["not quite so old", { ...where, age: { ...where.age, to: to - 1 } }] as [string, Where]]),
    ...(to === undefined ? [] : [["a year older", { ...where, age: { ...where.age, to: to + 1 } }] as [string, Where]]),
  ];
}

/** The bound itself counts or not; and one that is a tenth off. */
function comparisons(where: Where, field: "value" | "part"): [string, Where][] {
  const flipped = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" } as const;
  return (where[field] ?? []).flatMap((condition, place): [string, Where][] => {
    const put = (changed: ValueCondition): Where => ({ ...where, [field]: where[field]?.with(place, changed) ?? [] });
    return [
      [`${field} at the bound`, put({ ...condition, comparator: flipped[condition.comparator] })],
      [`${field} in another unit`, put({ ...condition, value: condition.value * 10 })],
    ];
  });
}

function nameOf(value: unknown): string {
  return typeof value === "object" && value !== null && "id" in value ? String(value.id) : String(value);
}
