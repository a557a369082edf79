import { z } from "zod";
import type { Viewer } from "../domain/viewer.ts";
import { statuses } from "../domain/status.ts";
import { urgencies, verdicts } from "../domain/verdict.ts";
import type { HttpParts } from "../http/http-parts.ts";
import { readFindingFilter, readKnownNames, type WrittenFilter } from "../insight/read-finding-filter.ts";
import type { FindingFilter } from "../store/finding-filter.ts";
import type { QuietSites } from "../store/quiet-sites.ts";

const several = (description: string) => z.array(z.string().min(1, "It is empty.")).optional().meta({ description });
const oneOf = (values: readonly string[]) => several(`One of ${values.join(", ")}; may be given several times`);
const one = (description: string, example: string) =>
  z
    .string()
    .min(1, "It is empty.")
    .optional()
    .meta({ description, examples: [example] });
const at = (description: string) => one(`${description}: a date or a time with its zone`, "2026-03-16T09:00:00Z");

/** Which cases: what a worklist can be narrowed by. */
export const caseQuery = {
  site: several("Name of a site; may be given several times, as may all that name things"),
  signal: several("Id of a signal"),
  status: oneOf(statuses),
  urgency: oneOf(urgencies),
  team: several("As findings carry it, or `unassigned`"),
  patient: one("By any of the person's ids", "Patient/p-1"),
  subject: one("The record that it is about", "DiagnosticReport/dr-1"),
  openedFrom: at("Opened at or after"),
  openedTo: at("Opened before"),
  dueFrom: at("Due at or after"),
  dueTo: at("Due before"),
};

const isAll = z
  .enum(["true", "false"], { error: "Write true or false." })
  .optional()
  .meta({ description: "Every tier and status, and test patients; else the worklist: its tier, current statuses" });

/** Of unknown findings only. */
export const unknownQuery = { all: isAll, ...caseQuery };

export const findingQuery = { all: isAll, id: several("Id of a finding, whatever its verdict"), ...caseQuery, verdict: oneOf(verdicts) };

type Written = Omit<WrittenFilter, "all"> & { readonly all?: "true" | "false" | undefined };

/**
 * The same checks as the command line makes; other parameters of the query are left alone.
 * @throws UserError `unknown-filter-value`, `not-a-time`, `not-an-id`
 */
export async function readFilterOf({ db, config }: HttpParts, viewer: Viewer, query: Written, quiet?: QuietSites): Promise<FindingFilter> {
  // What is known is asked for only where something names it.
  const names = query.site ?? query.signal ?? query.team;
  const known = names === undefined ? { sites: [], signals: [], teams: [] } : await readKnownNames(db, viewer, config, quiet);
  return readFindingFilter({ ...query, all: query.all === "true" }, known, config, (part) => part);
}
