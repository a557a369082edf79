import type { Request } from "express";
import type { Finding } from "../domain/finding.ts";
import type { Signal } from "../domain/signal.ts";
import type { Step } from "../domain/status.ts";
import { UserError } from "../domain/user-error.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { listCaseRows } from "../store/case.ts";
import { describeFindings } from "../store/describe-findings.ts";
import { findFinding } from "../store/finding.ts";
import { recordLook } from "../store/look.ts";
import { listReviews, type Review } from "../store/past-review.ts";
import { listPossibleSteps } from "../store/possible-steps.ts";
import { findSignalVersion } from "../store/signal-version.ts";
import type { SiteContext } from "./case-row-view.ts";
import type { PageParts } from "./page-frame.ts";
import { readSiteContexts } from "./read-site-context.ts";

/** A finding with all that its page shows. */
export interface ReadFinding {
  readonly finding: Finding;
  readonly signal: Signal;
  readonly others: readonly Finding[];
  readonly reviews: readonly Review[];
  readonly possible: readonly Step[];
  readonly context: SiteContext;
}

const reviewsShown = 500;

/** @throws UserError `finding-not-found` */
export async function getFinding({ db }: Pick<PageParts, "db">, request: Request, id: string): Promise<Finding> {
  const finding = await findFinding(db, viewerOf(request), id);
  if (!finding)
    throw new UserError(
      "finding-not-found",
      "There is no such finding, or none that you may see.",
      "It may have gone when its records changed: look for its patient on the worklist.",
    );
  return finding;
}

/**
 * Reads it with all around it, and records that the viewer was shown it and its case.
 * @throws UserError `finding-not-found`
 */
export async function readFinding(parts: PageParts, request: Request, id: string): Promise<ReadFinding> {
  const { db } = parts;
  const viewer = viewerOf(request);
  const finding = await getFinding(parts, request, id);
  const { site } = finding;
  const rows = (await listCaseRows(db, viewer, finding.subject, [site])).get(site) ?? [];
  const others = (await describeFindings(db, rows)).filter((other) => other.id !== finding.id);
  const shown = [finding, ...others];
  await recordLook(db, viewer, { how: "finding page", shown, at: parts.clock() }, parts.makeId);
  const { reviews } = await listReviews(db, viewer, { loopIds: [finding.id] }, { limit: reviewsShown });
  const context = (await readSiteContexts(parts, shown)).get(site);
  if (!context) throw new Error("The context of a site that has a finding is always read.");
  return {
    finding,
    signal: await readSignal(parts, finding),
    others,
    reviews,
    possible: (await listPossibleSteps(db, viewer, [finding])).get(finding.id) ?? [],
    context,
  };
}

async function readSignal({ db }: PageParts, { site, signal, signalVersion, edition }: Finding): Promise<Signal> {
  const found = await findSignalVersion(db, { site, id: signal, version: signalVersion, edition });
  if (!found) throw new Error("The definition that a loop was judged by is always kept.");
  return found;
}
