import { z } from "zod";
import { UserError } from "../domain/user-error.ts";
import { undoFeedStatement } from "../store/feed-statement.ts";
import { isUuid } from "../store/finding-filter.ts";
import { endpoint } from "./endpoint.ts";
import { id, idParams } from "./value-schemas.ts";

export const undoFeedStatementEndpoint = endpoint({
  method: "post",
  path: "/feed-statements/{id}/undo",
  summary: "Take back what was said of a feed's time; both stay on record",
  params: idParams,
  body: z.object({ reason: z.string() }),
  status: 201,
  answers: z.object({ undone: id }),
  problems: ["statement-not-found", "reason-needed", "not-json"],
  answer: async (parts, { viewer, params, body: { reason } }) => {
    if (!isUuid(params.id)) throw new UserError("statement-not-found", "Nothing of that id is in force.", "See /api/v1/feed-statements.");
    await undoFeedStatement(parts.db, viewer, { undoes: params.id, id: parts.makeId(), reason, at: parts.clock() });
    return { body: { undone: params.id } };
  },
});
