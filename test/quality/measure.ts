import type { Comparison, Standing } from "./compare-loops.ts";

/** What is said of one signal over all hospitals of one kind of mess. */
export interface Measure {
  readonly signal: string;
  readonly loops: number;
  readonly standings: Readonly<Record<Standing, number>>;
  /** Of what the scan calls missed or late, the share that the truth calls so too; null where it calls none so. */
  readonly precision: number | null;
  /** Of what the truth calls missed or late, the share that the scan calls so too. */
  readonly recall: number | null;
  /** The share of loops with the same verdict. */
  readonly agreement: number;
  /** Verdicts that are neither right nor `unknown`, nor said to rest on a gap; loops never seen, or never expected, among them. */
  readonly wrongPerThousand: number;
  /** `missed` or `late` where the truth is another: what a clinician would be troubled with for nothing. */
  readonly wrongAlarms: number;
}

export function measure(comparisons: readonly Comparison[]): Measure[] {
  const bySignal = [...Map.groupBy(comparisons, ({ signal }) => signal)].sort(([one], [other]) => (one < other ? -1 : 1));
  return bySignal.map(([signal, own]) => measureSignal(signal, own));
}

function measureSignal(signal: string, own: readonly Comparison[]): Measure {
  const standings: Record<Standing, number> = {
    agree: 0,
    unknown: 0,
    named: 0,
    unseen: 0,
    extra: 0,
    awaited: 0,
    quiet: 0,
    overdue: 0,
    undone: 0,
    unlearnt: 0,
    wrong: 0,
  };
  for (const { standing } of own) standings[standing] += 1;
  const said = own.filter(({ found }) => isAlarm(found));
  const so = own.filter(({ truth }) => isAlarm(truth));
  const right = said.filter(({ truth }) => isAlarm(truth)).length;
  return {
    signal,
    loops: own.length,
    standings,
    precision: said.length === 0 ? null : right / said.length,
    recall: so.length === 0 ? null : right / so.length,
    agreement: standings.agree / own.length,
    wrongPerThousand: ((own.length - standings.agree - standings.unknown - standings.named) / own.length) * 1_000,
    wrongAlarms: own.filter(({ standing, found }) => standing === "wrong" && isAlarm(found)).length,
  };
}

function isAlarm(verdict: string | undefined): boolean {
  return verdict === "missed" || verdict === "late" || verdict === "occurred";
}
