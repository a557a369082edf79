import type { Quality } from "./run-quality.ts";

/** What was reached before, over the usual plan: it may not get worse. */
export interface Baseline {
  readonly undeclaredWrongPerThousand: Readonly<Record<string, number>>;
}

/** What the issue asks for and is not so, a sentence each; empty: all is well. */
export function judgeQuality({ measures, differences }: Quality, baseline: Baseline | undefined): string[] {
  const clean = differences.filter(({ sample }) => sample.kind === "none");
  const declared = differences.filter(({ sample, standing }) => sample.kind === "declared" && standing === "wrong");
  const faults = [
    ...(clean.length > 0 ? [`${clean.length} loops of hospitals without mess are not as they were`] : []),
    ...(declared.length > 0 ? [`${declared.length} loops of hospitals with declared mess have a wrong verdict that is not unknown`] : []),
  ];
  for (const { signal, wrongPerThousand } of baseline === undefined ? [] : (measures.undeclared ?? [])) {
    const before = baseline?.undeclaredWrongPerThousand[signal];
    if (before === undefined || wrongPerThousand > before + 0.001) {
      faults.push(
        `${signal}: ${wrongPerThousand.toFixed(3)} wrong per 1,000 loops under undeclared mess; before it was ${before ?? "not measured"}`,
      );
    }
  }
  return faults;
}
