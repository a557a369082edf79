import type { ClosingClause, LoopTemplate, Where } from "../../src/domain/signal.ts";

interface LoopMutation {
  readonly what: string;
  readonly loop: LoopTemplate;
}

/** Every way in which a definition could be slightly wrong, each of which some example must notice. */
export function loopMutations(loop: LoopTemplate): LoopMutation[] {
  const { opens, closes, cancels, limits, unlessToldWithinMs } = loop;
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
      ...(clause.where
        ? [
            {
              what: `opening ${String(index)} asks for nothing`,
              loop: { ...loop, opens: opens.with(index, { activity: clause.activity }) },
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
    ...cancels.flatMap((clause, index) =>
      lessEach(clause.activity).map(([gone, activity]) => ({
        what: `${gone} cancels nothing`,
        loop: { ...loop, cancels: cancels.with(index, { ...clause, activity }) },
      })),
    ),
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
    ...(unlessToldWithinMs === undefined ? [] : [{ what: "told before changes nothing", loop: withoutTold(loop) }]),
    ...scaled(unlessToldWithinMs).map(([what, within]) => ({ what: `told within ${what}`, loop: { ...loop, unlessToldWithinMs: within } })),
  ];
}

function withoutTold({ opens, closes, cancels, limits }: LoopTemplate): LoopTemplate {
  return { opens, closes, cancels, limits };
}

function weakened({ activity, by, via, gradeAtLeast, earlyMs, whenever }: ClosingClause): [string, ClosingClause][] {
  const clause = {
    activity,
    by,
    ...(via && { via }),
    ...(gradeAtLeast !== undefined && { gradeAtLeast }),
    ...(earlyMs !== undefined && { earlyMs }),
    ...(whenever && { whenever }),
  };
  return [
    ["by the other", { ...clause, by: by === "person" ? "anyone" : "person" }],
    ...(via ? [["via anything", { activity, by, ...(earlyMs !== undefined && { earlyMs }) }] as [string, ClosingClause]] : []),
    ...(gradeAtLeast === 2 ? [["of a higher grade only", { ...clause, gradeAtLeast: 3 }] as [string, ClosingClause]] : []),
    ...scaled(earlyMs).map(([what, early]): [string, ClosingClause] => [`early ${what}`, { ...clause, earlyMs: early }]),
    ...(whenever ? [["not whenever", { activity, by }] as [string, ClosingClause]] : []),
  ];
}

function scaled(ms: number | undefined): [string, number][] {
  return ms === undefined
    ? []
    : [
        ["halved", ms / 2],
        ["a minute longer", ms + 60_000],
      ];
}

function lessEach<T extends string>(values: readonly T[]): [T, T[]][] {
  return values.map((gone) => [gone, values.filter((value) => value !== gone)]);
}

function lessConditions(where: Where = {}): [string, Where][] {
  return Object.entries(where).flatMap(([field, values]) =>
    lessEach<string>(values as readonly string[]).map(([gone, left]): [string, Where] => [gone, { ...where, [field]: left }]),
  );
}
