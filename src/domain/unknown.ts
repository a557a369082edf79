import type { Instant } from "./instant.ts";
import type { Gap } from "./loop.ts";
import type { Reason } from "./verdict.ts";

/** Findings of one signal that nobody can judge for one cause: one line on the worklist. */
export interface UnknownLine {
  readonly site: string;
  readonly signal: string;
  readonly reason: Reason;
  readonly count: number;
  /** What could not be seen, where that is the reason. */
  readonly gap?: { readonly types: readonly string[]; readonly why: readonly Gap["why"][]; readonly from: Instant; readonly to: Instant };
  readonly settledBy: string;
}

export interface UnknownLoops {
  readonly site: string;
  readonly signal: string;
  readonly reason: Reason;
  readonly gaps: readonly Gap[];
  readonly count: number;
}

const settledBy: Readonly<Record<Exclude<Reason, "gap">, string>> = {
  "never-seen": "Nothing that would close this signal has ever been seen here: find out how this EPR records it, or whether it does.",
  "time-not-recorded": "Send every version of the records (their history): when it happened is not said in those that were read.",
  "observation-not-brought": "Send the Observations that these reports name: how urgent they are rests on them.",
};

const settlesGap: Readonly<Record<Gap["why"], string>> = {
  "not-covered": "Read what is missing, then scan again.",
  outage: "Send again what was lost in the outage, take the outage back (`outages remove`), then scan again.",
  silent: "Find out whether the feed was down in that time, and send what it holds.",
  unreadable: "See why the resources of that time could not be understood (`quarantine list`), and send them mended.",
  quarantined: "See what is in quarantine (`quarantine list`), and send it mended.",
};

/** One line a gap: loops are cut at their own opening and due, so those whose gaps meet share one. Counts add up to the whole. */
export function groupUnknowns(loops: readonly UnknownLoops[]): UnknownLine[] {
  const causes = Map.groupBy(loops, ({ site, signal, reason, gaps }) => JSON.stringify([site, signal, reason, types(gaps), whys(gaps)]));
  return [...causes.values()].flatMap((alike): UnknownLine[] => {
    const [first] = alike;
    if (!first) return [];
    const { site, signal, reason, gaps } = first;
    if (reason !== "gap") return [{ site, signal, reason, count: sum(alike), settledBy: settledBy[reason] }];
    const why = whys(gaps);
    return joinMeeting(alike).map(({ from, to, count }) => ({
      site,
      signal,
      reason,
      count,
      gap: { types: types(gaps), why, from, to },
      settledBy: why.map((each) => settlesGap[each]).join(" "),
    }));
  });
}

/** From the first to the last instant not seen of each, joined where they overlap or touch. */
function joinMeeting(loops: readonly UnknownLoops[]): { from: Instant; to: Instant; count: number }[] {
  const spans = loops.map(({ gaps, count }) => ({
    from: Math.min(...gaps.map((gap) => gap.from)),
    to: Math.max(...gaps.map((gap) => gap.to)),
    count,
  }));
  const joined: { from: Instant; to: Instant; count: number }[] = [];
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && span.from <= last.to)
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, span.to), count: last.count + span.count };
    else joined.push(span);
  }
  return joined;
}

function types(gaps: readonly Gap[]): string[] {
  return [...new Set(gaps.map((gap) => gap.type))].sort();
}

function whys(gaps: readonly Gap[]): Gap["why"][] {
  return [...new Set(gaps.map((gap) => gap.why))].sort();
}

function sum(loops: readonly UnknownLoops[]): number {
  return loops.reduce((total, { count }) => total + count, 0);
}
