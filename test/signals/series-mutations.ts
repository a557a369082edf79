import type { SeriesNumber, SeriesRule, SeriesTemplate } from "../../src/domain/series.ts";

interface SeriesMutation {
  readonly what: string;
  readonly series: SeriesTemplate;
}

const hourMs = 3_600_000;
const weekMs = 168 * hourMs;

/** Every way in which a series could be slightly wrong, each of which some example must notice. */
export function seriesMutationsOf(series: SeriesTemplate): SeriesMutation[] {
  const { rules, number, fewest, settlesMs, rare } = series;
  return [
    ...rules.flatMap((rule, index) => [
      ...(rules.length > 1 ? [{ what: `rule ${rule.rule} is gone`, series: { ...series, rules: rules.toSpliced(index, 1) } }] : []),
      ...changed(rule).map(([what, other]) => ({ what: `${rule.rule} ${what}`, series: { ...series, rules: rules.with(index, other) } })),
    ]),
    { what: "it needs one more", series: { ...series, needs: series.needs + 1 } },
    { what: "it needs one less", series: { ...series, needs: series.needs - 1 } },
    { what: "it looks a week further back", series: { ...series, historyMs: series.historyMs + weekMs } },
    { what: "it looks a week less far back", series: { ...series, historyMs: series.historyMs - weekMs } },
    ...(fewest === undefined
      ? []
      : [
          { what: "one more must be counted", series: { ...series, fewest: fewest + 1 } },
          { what: "one less must be counted", series: { ...series, fewest: fewest - 1 } },
        ]),
    ...(settlesMs === undefined
      ? []
      : [
          { what: "it waits an hour longer", series: { ...series, settlesMs: settlesMs + hourMs } },
          { what: "it waits an hour less", series: { ...series, settlesMs: settlesMs - hourMs } },
        ]),
    ...(rare ? changedRare(series, rare) : []),
    ...changedNumber(number).map(([what, other]) => ({ what, series: { ...series, number: other } })),
  ];
}

function changedRare({ rare: _, ...series }: SeriesTemplate, rare: NonNullable<SeriesTemplate["rare"]>): SeriesMutation[] {
  return [
    { what: "what is rare is counted by the day", series },
    { what: "it needs one more time between", series: { ...series, rare: { ...rare, needs: rare.needs + 1 } } },
    { what: "it needs one time between less", series: { ...series, rare: { ...rare, needs: rare.needs - 1 } } },
    { what: "it looks a week further back for what is rare", series: { ...series, rare: { ...rare, historyMs: rare.historyMs + weekMs } } },
    {
      what: "it looks a week less far back for what is rare",
      series: { ...series, rare: { ...rare, historyMs: rare.historyMs - weekMs } },
    },
  ];
}

function changed(rule: SeriesRule): [string, SeriesRule][] {
  if (rule.rule === "silent")
    return [
      ["asks for one more", { ...rule, busy: rule.busy + 1 }],
      ["asks for one less", { ...rule, busy: rule.busy - 1 }],
      ["asks for one week more", { ...rule, weeks: rule.weeks + 1 }],
      ["asks for one week less", { ...rule, weeks: rule.weeks - 1 }],
    ];
  if (rule.rule === "below")
    return [
      ["of a tenth more", { ...rule, share: rule.share * 1.1 }],
      ["of a tenth less", { ...rule, share: rule.share * 0.9 }],
      ["asks for one more", { ...rule, busy: rule.busy + 1 }],
      ["asks for one less", { ...rule, busy: rule.busy - 1 }],
    ];
  if (rule.rule === "above")
    return [
      ["of a tenth more", { ...rule, times: rule.times * 1.1 }],
      ["of a tenth less", { ...rule, times: rule.times * 0.9 }],
      ["asks for one more", { ...rule, busy: rule.busy + 1 }],
      ["asks for one less", { ...rule, busy: rule.busy - 1 }],
    ];
  if (!("side" in rule))
    return [
      ["looks up only", { ...rule, side: "high" }],
      ["looks down only", { ...rule, side: "low" }],
    ];
  const { rule: name, basis, side } = rule;
  return [
    ["looks both ways", { rule: name, basis }],
    ["looks the other way", { rule: name, basis, side: side === "high" ? "low" : "high" }],
  ];
}

function changedNumber(number: SeriesNumber): [string, SeriesNumber][] {
  if (number.what === "records") return [];
  const { activity, code, ...rest } = number;
  return [
    ...(number.what === "repeats"
      ? ([
          ["a repeat comes a minute later", { ...number, withinMs: number.withinMs + 60_000 }],
          ["a repeat comes a minute sooner", { ...number, withinMs: number.withinMs - 60_000 }],
        ] satisfies [string, SeriesNumber][])
      : []),
    ...(number.what === "mean-value"
      ? ([
          ["of another unit", { ...number, unit: "mg/dL" }],
          ...(number.molarMass === undefined ? [] : [["of another molar mass", { ...number, molarMass: number.molarMass + 1 }]]),
          ...(number.charge === undefined ? [] : [["of another charge", { ...number, charge: number.charge + 1 }]]),
        ] as [string, SeriesNumber][])
      : []),
    ...activity.map((gone, index): [string, SeriesNumber] => [
      `${gone} does not count`,
      { ...number, activity: activity.toSpliced(index, 1) },
    ]),
    ...(code === undefined ? [] : [["every code counts", { activity, ...rest }] satisfies [string, SeriesNumber]]),
    ...(code ?? []).flatMap((set) =>
      set.codings.map((gone): [string, SeriesNumber] => [
        `${gone.code} does not count`,
        { ...number, code: [{ ...set, codings: set.codings.filter((each) => each !== gone) }] },
      ]),
    ),
  ];
}
