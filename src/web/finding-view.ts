import { overdueSince, type Finding } from "../domain/finding.ts";
import { inWords } from "../domain/in-words.ts";
import type { Instant } from "../domain/instant.ts";
import type { Signal } from "../domain/signal.ts";
import type { Review } from "../store/past-review.ts";
import { eprHref, titleOf, urgencyOf, whereOf, whoseOf, type SiteContext } from "./case-row-view.ts";
import { viewExclusions, type ExclusionView } from "./exclusion-view.ts";
import { sayDeleted, sayExplained, saySettledBy, viewGaps, type GapView } from "./explained-view.ts";
import { statusTags, verdictTags, type Tag } from "./finding-words.ts";
import { viewIdentity, type IdentityView } from "./identity-view.ts";
import { viewPastReviews, type PastReviewView, type ReviewFormView } from "./review-view.ts";
import { showTime, type Sentence, type ShownTime } from "./show-time.ts";
import { viewTimeline, type TimelineItem } from "./timeline-view.ts";
import { viewValues, type ValuesView } from "./values-view.ts";

/** One finding whole: what was expected, what happened, on what evidence, and what to do about it. */
export interface FindingView {
  readonly what: string;
  readonly tags: readonly Tag[];
  readonly values: ValuesView | undefined;
  readonly who: IdentityView;
  readonly eprHref: string | undefined;
  readonly where: string;
  readonly whose: string;
  readonly overdue: string | undefined;
  readonly since: ShownTime;
  readonly status: Tag;
  readonly statusReason: string | null;
  /** One sentence, a clause each. */
  readonly explained: readonly Sentence[];
  readonly settledBy: string | undefined;
  readonly gaps: readonly GapView[];
  readonly cancellingGaps: readonly GapView[];
  /** What it rested on and is deleted, a sentence each. */
  readonly deleted: readonly Sentence[];
  readonly timeline: readonly TimelineItem[];
  readonly leftOut: number;
  readonly sealed: boolean;
  readonly exclusions: readonly ExclusionView[];
  readonly signal: Pick<Signal, "id" | "version" | "title" | "means" | "oftenHarmless" | "nextSteps">;
  readonly others: readonly OtherView[];
  readonly reviews: readonly PastReviewView[];
  /** Absent where there is nothing to review. */
  readonly form: ReviewFormView | undefined;
  readonly backHref: string;
  readonly record: string;
  readonly id: string;
}

interface OtherView {
  readonly href: string;
  readonly text: string;
  readonly verdict: Tag;
  readonly status: Tag;
  readonly due: ShownTime;
}

export interface FindingParts {
  readonly finding: Finding;
  /** As it was in force when this was judged. */
  readonly signal: Signal;
  /** The others of its case. */
  readonly others: readonly Finding[];
  readonly reviews: readonly Review[];
  readonly context: SiteContext;
  readonly signals: ReadonlyMap<string, Signal>;
  readonly form: ReviewFormView | undefined;
  readonly backHref: string;
  readonly now: Instant;
}

export function viewFinding({ finding, signal, others, reviews, context, signals, form, backHref, now }: FindingParts): FindingView {
  const { timeZone, judgedAt } = context;
  const due = overdueSince(finding);
  const { id, version, title, means, oftenHarmless, nextSteps } = signal;
  return {
    what: titleOf(finding),
    tags: [verdictTags[finding.verdict], ...urgencyOf(finding)],
    values: viewValues(context.values.get(finding.id), timeZone),
    who: viewIdentity(finding.patient, context.banners.get(finding.patient ?? ""), now, timeZone),
    eprHref: eprHref(context.eprLink, finding.patient),
    where: whereOf(finding, context),
    whose: whoseOf(finding, context),
    overdue: finding.verdict === "missed" ? inWords(Math.max(0, judgedAt - due)) : undefined,
    since: showTime(due, timeZone),
    status: statusTags[finding.status],
    statusReason: finding.statusReason,
    explained: sayExplained(finding, signal, judgedAt, timeZone),
    settledBy: saySettledBy(finding),
    gaps: viewGaps(finding.coverage.gaps, timeZone),
    cancellingGaps: viewGaps(finding.cancellingGaps, timeZone),
    deleted: sayDeleted(finding, timeZone),
    timeline: viewTimeline(finding, signal, context.names, judgedAt, timeZone),
    leftOut: finding.evidenceLeftOut,
    sealed: finding.sealed,
    exclusions: viewExclusions(finding.exclusions),
    signal: { id, version, title, means, oftenHarmless, nextSteps },
    others: others.map((other) => viewOther(other, signals, timeZone)),
    reviews: viewPastReviews(reviews, timeZone),
    form,
    backHref,
    record: finding.subject,
    id: finding.id,
  };
}

function viewOther(other: Finding, signals: ReadonlyMap<string, Signal>, timeZone: string): OtherView {
  return {
    href: `/findings/${other.id}`,
    text: `${titleOf(other)}: ${signals.get(other.signal)?.title ?? other.signal}`,
    verdict: verdictTags[other.verdict],
    status: statusTags[other.status],
    due: showTime(overdueSince(other), timeZone),
  };
}
