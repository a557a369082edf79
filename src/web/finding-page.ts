import type { Request, Response } from "express";
import { viewFinding } from "./finding-view.ts";
import { queryOf, sendPage, type PageParts } from "./page-frame.ts";
import { readFinding, type ReadFinding } from "./read-finding.ts";
import { viewReviewForm, type ReviewFormView, type TypedReview } from "./review-view.ts";
import { readWorklistQuery, worklistHref, writeWorklistQuery } from "./worklist-query.ts";
import { everySignal } from "../insight/shown-catalogue.ts";

/** `/findings/{id}`; `list` is the query of the worklist that it was opened from. */
export async function findingPage(parts: PageParts, request: Request<{ id: string }>, response: Response): Promise<void> {
  const read = await readFinding(parts, request, request.params.id);
  const typed: TypedReview = { id: parts.makeId(), step: "", reason: "", onlyThis: false, list: listOf(queryOf(request)) };
  const form = viewReviewForm(read.finding, read.others, read.possible, typed);
  await sendFinding(parts, request, response, read, form);
}

/** The page with this form on it: empty, or with what was typed and what was wrong with it. */
export async function sendFinding(
  parts: PageParts,
  request: Request,
  response: Response,
  { finding, signal, others, reviews, possible, context }: ReadFinding,
  form: ReviewFormView,
): Promise<void> {
  const view = viewFinding({
    finding,
    signal,
    others,
    reviews,
    context,
    signals: everySignal(parts.config),
    form: possible.length > 0 ? form : undefined,
    backHref: worklistHref(readWorklistQuery(new URLSearchParams(form.list))),
    now: parts.clock(),
  });
  const isWrong = form.errors.length > 0;
  // No name of a patient in the title: it goes into the history of the browser.
  const title = `${isWrong ? "Error: " : ""}${signal.title}`;
  await sendPage(parts, request, response, { template: "finding.njk", title, part: "worklist", view, ...(isWrong && { status: 422 }) });
}

/** The query of a worklist, as far as it is one: what else an address holds is not passed on. */
export function listOf(query: URLSearchParams): string {
  return writeWorklistQuery(readWorklistQuery(new URLSearchParams(query.get("list") ?? "")));
}
