import { explainFinding } from "../domain/explain-finding.ts";
import type { Finding } from "../domain/finding.ts";
import type { Instant } from "../domain/instant.ts";
import type { Signal } from "../domain/signal.ts";
import { groupUnknowns } from "../domain/unknown.ts";
import { showSpan, showTime, type Sentence } from "./show-time.ts";

/** All of it in one sentence, a clause each, its times in the site's zone. */
export function sayExplained(finding: Finding, signal: Signal, judgedAt: Instant, timeZone: string): Sentence[] {
  return explainFinding(finding, signal, judgedAt).map((clause) =>
    clause.map((part) => (typeof part === "string" ? part : showTime(part, timeZone))),
  );
}

export interface GapView {
  readonly text: string;
  readonly when: Sentence;
}

const gapWords = {
  "not-covered": "was not read",
  outage: "was lost in an outage that somebody entered",
  silent: "was silent, though that hour is busy in other weeks",
  unreadable: "could not be understood",
  quarantined: "is in quarantine",
} as const;

export function viewGaps(gaps: Finding["cancellingGaps"], timeZone: string): GapView[] {
  return gaps.map(({ type, from, to, why }) => ({
    text: `${type} ${gapWords[why]}`,
    when: showSpan({ from: Date.parse(from), to: Date.parse(to) }, timeZone),
  }));
}

/** What would settle an unknown; undefined of what is settled. */
export function saySettledBy({ site, signal, verdict, reason, coverage }: Finding): string | undefined {
  if (verdict !== "unknown" || reason === null) return undefined;
  const gaps = coverage.gaps.map((gap) => ({ ...gap, from: Date.parse(gap.from), to: Date.parse(gap.to) }));
  return groupUnknowns([{ site, signal, reason, gaps, count: 1 }])[0]?.settledBy;
}

/** What it rested on and is there no more: its verdict may have changed for that alone. */
export function sayDeleted({ restedOnDeleted }: Finding, timeZone: string): Sentence[] {
  return restedOnDeleted.map(({ record, at }) => [
    `It rested on ${record}, which was deleted at the source`,
    ...(at === null ? [] : [" on ", showTime(Date.parse(at), timeZone)]),
    ": what that record said counts no more.",
  ]);
}
