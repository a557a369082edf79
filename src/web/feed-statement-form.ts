import type { Request, Response } from "express";
import { UserError } from "../domain/user-error.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { addFeedStatement, undoFeedStatement } from "../store/feed-statement.ts";
import { isUuid } from "../store/finding-filter.ts";
import { getSite } from "../store/site.ts";
import type { PageParts } from "./page-frame.ts";
import { readSeen } from "./read-seen.ts";

/** Records what somebody says of a feed's time, and shows it among what is said. */
export async function stateOfFeed(parts: PageParts, request: Request, response: Response): Promise<void> {
  const field = fieldsOf(request);
  const viewer = viewerOf(request);
  const site = (await readSeen(parts, viewer)).find((each) => each.site === field("site"));
  const [from = NaN, to = NaN] = field("time").split("-").map(Number);
  const says = (["outage", "silence-accepted"] as const).find((each) => each === field("says"));
  if (!site || says === undefined || !isUuid(field("id")) || !Number.isSafeInteger(from) || !Number.isSafeInteger(to))
    throw new UserError(
      "invalid-request",
      "This form is not whole, so nothing was recorded.",
      "Go back, choose what it was and when, and send it again.",
    );
  const { siteId } = await getSite(parts.db, site.site);
  const of = { id: field("id"), says, source: field("source"), type: field("type"), from, to };
  await addFeedStatement(parts.db, siteId, { ...of, reason: field("reason"), actor: viewer.person, at: parts.clock() });
  response.redirect(303, "/feeds");
}

/** Takes it back; both stay on record. */
export async function undoStatement(parts: PageParts, request: Request<{ id: string }>, response: Response): Promise<void> {
  const field = fieldsOf(request);
  const { id } = request.params;
  if (!isUuid(id) || !isUuid(field("id")))
    throw new UserError(
      "invalid-request",
      "This form is not whole, so nothing was recorded.",
      "Open the page Feeds again, and send its form.",
    );
  const undo = { undoes: id, id: field("id"), reason: field("reason"), at: parts.clock() };
  await undoFeedStatement(parts.db, viewerOf(request), undo);
  response.redirect(303, "/feeds");
}

function fieldsOf({ body }: Request): (name: string) => string {
  return (name) => {
    const value = (body as Readonly<Record<string, unknown>> | undefined)?.[name];
    return typeof value === "string" ? value.trim() : "";
  };
}
