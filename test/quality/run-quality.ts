import type { Connection } from "../../src/db/connect.ts";
import { toldSeries } from "../../src/simulate/truth/tell-truth.ts";
import { compareLoops, type Comparison } from "./compare-loops.ts";
import { compareFeeds } from "./compare-feeds.ts";
import { compareSeries } from "./compare-series.ts";
import { measure, type Measure } from "./measure.ts";
import { listSamples, type MessKind, type QualityPlan, type Sample } from "./samples.ts";
import { scanSample } from "./scan-sample.ts";

interface Difference extends Comparison {
  readonly sample: Sample;
}

export interface Quality {
  readonly hospitals: number;
  readonly measures: Readonly<Partial<Record<MessKind, readonly Measure[]>>>;
  /** What was neither right nor unknown. */
  readonly differences: readonly Difference[];
}

export async function runQuality(connection: Connection, plan: QualityPlan, log: (line: string) => void): Promise<Quality> {
  const samples = listSamples(plan);
  const all = new Map<MessKind, Comparison[]>();
  const differences: Difference[] = [];
  for (const [place, sample] of samples.entries()) {
    const { truth, found, periods, series, seen, feeds, foundFeeds } = await scanSample(connection, sample);
    const ofSeries = toldSeries.flatMap((signal) => {
      const own = periods.filter((period) => period.signal === signal);
      return compareSeries(
        signal,
        own,
        series.find((each) => each.signal === signal),
        seen,
        sample.kind,
      );
    });
    const compared = [...compareLoops(truth, found), ...ofSeries, ...feeds.flatMap((feed) => compareFeeds(feed, foundFeeds, sample.kind))];
    const counted = all.get(sample.kind) ?? [];
    for (const each of compared) counted.push(each);
    all.set(sample.kind, counted);
    const wrong = compared.filter((each) => isWrong(each, sample.kind));
    differences.push(...wrong.map((each) => ({ ...each, sample })));
    const { seed, dialect } = sample.options;
    log(`${place + 1}/${samples.length}: seed ${seed}, ${dialect}, mess ${sample.kind}: ${compared.length} loops, ${wrong.length} differ`);
  }
  const measures = Object.fromEntries([...all].map(([kind, compared]) => [kind, measure(compared)]));
  return { hospitals: samples.length, measures, differences };
}

/** Where nothing is amiss, times are to be right too, and nothing is unknown. */
function isWrong({ standing, isExact }: Comparison, kind: MessKind): boolean {
  if (kind === "none") return standing !== "agree" || !isExact;
  return standing !== "agree" && standing !== "unknown";
}
