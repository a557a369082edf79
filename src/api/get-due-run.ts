import { z } from "zod";
import { isUuid } from "../store/finding-filter.ts";
import { findDueRun } from "../store/due-run.ts";
import { dueRunSchema, showDueRun } from "./due-run-schema.ts";
import { endpoint } from "./endpoint.ts";
import { runNotFound } from "./get-run.ts";
import { idParams } from "./value-schemas.ts";

export const getDueRunEndpoint = endpoint({
  method: "get",
  path: "/due-runs/{id}",
  summary: "What has become of a run that was asked for",
  params: idParams,
  answers: z.object({ dueRun: dueRunSchema }),
  problems: ["run-not-found"],
  answer: async ({ db }, { viewer, params: { id } }) => {
    const found = isUuid(id) ? await findDueRun(db, id) : undefined;
    if (!found || (viewer.sites !== "all" && !viewer.sites.includes(found.site))) throw runNotFound(id);
    return { body: { dueRun: showDueRun(found) } };
  },
});
