import { z } from "zod";
import type { ScanSummary } from "../domain/scan-summary.ts";
import { summaryJson } from "../domain/summary-json.ts";
import { UserError } from "../domain/user-error.ts";
import { isUuid } from "../store/finding-filter.ts";
import { findRun } from "../store/run-page.ts";
import { endpoint } from "./endpoint.ts";
import { runSchema, showRun, summarySchema } from "./run-schema.ts";
import { idParams } from "./value-schemas.ts";

export const getRunEndpoint = endpoint({
  method: "get",
  path: "/runs/{id}",
  summary: "One run: what it read, what it decided and what it could not see",
  params: idParams,
  answers: z.object({
    run: runSchema,
    summary: summarySchema.nullable().meta({ description: "Null while it runs, and where it failed" }),
  }),
  problems: ["run-not-found"],
  answer: async ({ db }, { viewer, params: { id } }) => {
    const run = isUuid(id) ? await findRun(db, viewer, id) : undefined;
    if (!run) throw runNotFound(id);
    const summary = run.summary as ScanSummary | null;
    return { body: { run: showRun(run), summary: summary && summaryJson(summary) } };
  },
});

export function runNotFound(id: string): UserError {
  return new UserError("run-not-found", `There is no run "${id}".`, "Take an id from what GET /api/v1/runs lists.");
}
