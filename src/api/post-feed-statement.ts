import { z } from "zod";
import { parseRfc3339 } from "../domain/rfc3339.ts";
import { UserError } from "../domain/user-error.ts";
import { addFeedStatement } from "../store/feed-statement.ts";
import { isUuid } from "../store/finding-filter.ts";
import { getSite } from "../store/site.ts";
import { endpoint } from "./endpoint.ts";
import { feedStatementSchema, newFeedStatement, showFeedStatement } from "./feed-statement-schema.ts";
import { readSites } from "./site-query.ts";

export const postFeedStatementEndpoint = endpoint({
  method: "post",
  path: "/feed-statements",
  summary: "Enter an outage of a feed, or accept hours in which it was silent",
  body: newFeedStatement,
  status: 201,
  answers: z.object({ statement: feedStatementSchema }),
  problems: ["unknown-filter-value", "feed-unknown", "not-an-interval", "not-a-time", "not-an-id", "reason-needed", "not-json"],
  answer: async (parts, { viewer, body }) => {
    await readSites(parts, viewer, [body.site]);
    const id = body.id ?? parts.makeId();
    if (!isUuid(id)) throw new UserError("not-an-id", "The id is no UUID.", "Make a UUID, or leave it out.");
    const { says, source, type, reason } = body;
    const of = { says, source, ...(type !== undefined && { type }), from: readTime(body.from), to: readTime(body.to) };
    const statement = { id, ...of, reason, actor: viewer.person, at: parts.clock() };
    const { siteId } = await getSite(parts.db, body.site);
    await addFeedStatement(parts.db, siteId, statement);
    return { body: { statement: showFeedStatement(body.site, statement) } };
  },
});

function readTime(text: string): number {
  const at = parseRfc3339(text);
  if (at === undefined) throw new UserError("not-a-time", `"${text}" is no time.`, "Write it like 2026-03-16T09:00:00Z.");
  return at;
}
