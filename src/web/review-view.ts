import type { Finding } from "../domain/finding.ts";
import { needsReason, steps, type Step } from "../domain/status.ts";
import type { Review } from "../store/past-review.ts";
import { stepWords, verdictTags, whyNot } from "./finding-words.ts";
import { showTime, type ShownTime } from "./show-time.ts";

/** The form to record a step; everything that was typed, kept. */
export interface ReviewFormView {
  readonly action: string;
  /** The same id twice is one review. */
  readonly id: string;
  /** By finding: the verdict that is shown, so that one that moves on meanwhile is not judged by what it was. */
  readonly expected: readonly string[];
  readonly list: string;
  readonly steps: readonly { readonly value: Step; readonly text: string; readonly hint: string; readonly checked: boolean }[];
  readonly notPossible: readonly string[];
  readonly reason: string;
  /** How many findings the case holds: one review is of all of them, unless only this one is asked for. */
  readonly inCase: number;
  readonly onlyThis: boolean;
  readonly errors: readonly { readonly text: string; readonly href: string }[];
  readonly stepError: string | undefined;
  readonly reasonError: string | undefined;
}

/** What a reviewer sent, as it came. */
export interface TypedReview {
  readonly id: string;
  readonly step: string;
  readonly reason: string;
  readonly onlyThis: boolean;
  readonly list: string;
}

export function viewReviewForm(
  finding: Finding,
  ofCase: readonly Finding[],
  possible: readonly Step[],
  typed: TypedReview,
  problem: { readonly stepError?: string; readonly reasonError?: string } = {},
): ReviewFormView {
  const covered = ofCase.some(({ id }) => id === finding.id) ? ofCase : [finding, ...ofCase];
  const { stepError, reasonError } = problem;
  return {
    action: `/findings/${finding.id}/reviews`,
    id: typed.id,
    expected: covered.map(({ id, verdict }) => `${id}:${verdict}`),
    list: typed.list,
    steps: possible.map((step) => ({
      value: step,
      text: stepWords[step].label,
      hint: `${stepWords[step].hint}${needsReason(step) ? " Needs a reason." : ""}`,
      checked: step === typed.step,
    })),
    notPossible: steps
      .filter((step) => !possible.includes(step))
      .map((step) => `${stepWords[step].label}: ${whyNot[step] ?? "not from here"}`),
    reason: typed.reason,
    inCase: covered.length,
    onlyThis: typed.onlyThis,
    errors: [
      ...(stepError === undefined ? [] : [{ text: stepError, href: "#step" }]),
      ...(reasonError === undefined ? [] : [{ text: reasonError, href: "#reason" }]),
    ],
    stepError,
    reasonError,
  };
}

/** One recorded step, as the history shows it. */
export interface PastReviewView {
  readonly at: ShownTime;
  readonly reviewer: string;
  readonly step: string;
  readonly reason: string | null;
  readonly verdict: string;
  readonly noLongerApplies: string | null;
}

export function viewPastReviews(reviews: readonly Review[], timeZone: string): PastReviewView[] {
  return reviews.map(({ at, reviewer, step, reason, verdict, noLongerApplies }) => ({
    at: showTime(Date.parse(at), timeZone),
    reviewer,
    step: stepWords[step].label,
    reason,
    verdict: verdictTags[verdict].text,
    noLongerApplies,
  }));
}
