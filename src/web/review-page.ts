import type { Request, Response } from "express";
import { needsReason, steps, type Step } from "../domain/status.ts";
import { UserError } from "../domain/user-error.ts";
import { verdicts, type Verdict } from "../domain/verdict.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { readFindingFilter } from "../insight/read-finding-filter.ts";
import { listCases } from "../store/case.ts";
import { isUuid } from "../store/finding-filter.ts";
import { recordReview } from "../store/review.ts";
import { listOf, sendFinding } from "./finding-page.ts";
import { statusTags, stepWords, verdictTags } from "./finding-words.ts";
import { queryOf, sendPage, type PageParts } from "./page-frame.ts";
import { getFinding, readFinding } from "./read-finding.ts";
import { viewReviewForm, type TypedReview } from "./review-view.ts";
import { readWorklistQuery, toWrittenFilter, worklistHref } from "./worklist-query.ts";

type FindingRequest = Request<{ id: string }>;

/** Records a step, and shows that it is recorded at an address of its own: going back and forth repeats nothing. */
export async function recordStep(parts: PageParts, request: FindingRequest, response: Response): Promise<void> {
  const { id } = request.params;
  const typed = readTyped(request);
  const step = steps.find((each) => each === typed.step);
  const problem = problemOf(step, typed.reason);
  if (step === undefined || problem) {
    const read = await readFinding(parts, request, id);
    await sendFinding(parts, request, response, read, viewReviewForm(read.finding, read.others, read.possible, typed, problem));
    return;
  }
  const viewer = viewerOf(request);
  const finding = typed.onlyThis ? undefined : await getFinding(parts, request, id);
  try {
    await recordReview(parts.db, viewer, {
      of: finding ? { case: finding.subject, site: finding.site } : { loopIds: [id] },
      step,
      ...(typed.reason === "" ? {} : { reason: typed.reason }),
      at: parts.clock(),
      id: typed.id,
      expected: readExpected(request),
    });
  } catch (error) {
    if (!(error instanceof UserError) || !["finding-moved-on", "step-not-allowed", "not-a-finding"].includes(error.code)) throw error;
    await sendMovedOn(parts, request, response, typed, step);
    return;
  }
  const list = typed.list === "" ? "" : `&list=${encodeURIComponent(typed.list)}`;
  response.redirect(303, `/findings/${id}/reviewed?review=${typed.id}${list}`);
}

/** What is wrong with a form before anything is asked of the database. */
function problemOf(step: Step | undefined, reason: string): { stepError?: string; reasonError?: string } | undefined {
  if (step === undefined) return { stepError: "Choose what you have decided." };
  if (needsReason(step) && reason === "") return { reasonError: "Say in a few words why: whoever reads it next was not there." };
  return undefined;
}

function readTyped({ body }: Request): TypedReview {
  const field = (name: string): string => {
    const value = (body as Readonly<Record<string, unknown>> | undefined)?.[name];
    return typeof value === "string" ? value.trim() : "";
  };
  const id = field("id");
  if (!isUuid(id))
    throw new UserError(
      "invalid-request",
      "This form is not whole, so nothing was recorded.",
      "Open the finding again, and send its form.",
    );
  const list = listOf(new URLSearchParams({ list: field("list") }));
  return { id, step: field("step"), reason: field("reason"), onlyThis: field("covers") === "this", list };
}

/** `id:verdict`, one a finding that the form was shown with. */
function readExpected({ body }: Request): Record<string, Verdict> {
  const given = [(body as Readonly<Record<string, unknown>>)["expected"]].flat();
  return Object.fromEntries(
    given.flatMap((each) => {
      const [id = "", word] = typeof each === "string" ? each.split(":") : [];
      const verdict = verdicts.find((known) => known === word);
      return isUuid(id) && verdict !== undefined ? [[id, verdict] as const] : [];
    }),
  );
}

/** Somebody else was quicker, or a scan has judged it anew: what changed, and what was typed, are shown before anything is recorded. */
async function sendMovedOn(parts: PageParts, request: FindingRequest, response: Response, typed: TypedReview, step: Step): Promise<void> {
  const expected = readExpected(request);
  const { finding, others, possible } = await readFinding(parts, request, request.params.id);
  const changes = [finding, ...others].flatMap(({ id, title, subject, verdict }) => {
    const shown = expected[id];
    if (shown === undefined || shown === verdict) return [];
    return [`${title ?? subject}: was “${verdictTags[shown].text}” when you looked, and is now “${verdictTags[verdict].text}”.`];
  });
  const view = {
    what: finding.title ?? finding.subject,
    changes: changes.length > 0 ? changes : [`Somebody has reviewed it meanwhile: it is now “${statusTags[finding.status].text}”.`],
    step: stepWords[step].label,
    isStillPossible: possible.includes(step),
    href: `/findings/${finding.id}${typed.list === "" ? "" : `?list=${encodeURIComponent(typed.list)}`}`,
    form: viewReviewForm(finding, others, possible, { ...typed, id: parts.makeId() }),
  };
  const title = "Not recorded: the finding has moved on";
  await sendPage(parts, request, response, { template: "moved-on.njk", title, part: "worklist", status: 409, view });
}

/** `/findings/{id}/reviewed`: what was recorded, and what to do next. */
export async function reviewedPage(parts: PageParts, request: FindingRequest, response: Response): Promise<void> {
  const { id } = request.params;
  const viewer = viewerOf(request);
  const query = queryOf(request);
  const { finding, reviews } = await readFinding(parts, request, id);
  const review = reviews.find((each) => each.id === query.get("review"));
  const list = readWorklistQuery(new URLSearchParams(listOf(query)));
  const { after: _, ...asked } = list;
  const written = { ...toWrittenFilter(asked), status: ["open"] };
  // What was recorded is shown, though a team that was asked for has gone meanwhile: it has no next case.
  const known = { sites: written.site ?? [], teams: written.team ?? [], signals: written.signal ?? [] };
  const filter = readFindingFilter(written, known, parts.config, (part) => `The ${part}`);
  // The next two: one of them is not this one.
  const { cases } = await listCases(parts.db, viewer, filter, { limit: 2 });
  const next = cases.find((each) => each.key !== finding.case || each.site !== finding.site);
  const suffix = listOf(query) === "" ? "" : `?list=${encodeURIComponent(listOf(query))}`;
  const view = {
    what: finding.title ?? finding.subject,
    done: review ? stepWords[review.step].done : "There is no such step on this finding.",
    reason: review?.reason ?? null,
    status: statusTags[finding.status],
    href: `/findings/${id}${suffix}`,
    nextHref: next && `/findings/${next.findings[0].id}${suffix}`,
    backHref: worklistHref(list),
  };
  await sendPage(parts, request, response, { template: "reviewed.njk", title: "Review recorded", part: "worklist", view });
}
