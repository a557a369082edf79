import { z } from "zod";
import { didYouMean } from "../domain/nearest-name.ts";
import { UserError } from "../domain/user-error.ts";
import { readKnownNames } from "../insight/read-finding-filter.ts";
import { askForRun } from "../store/due-run.ts";
import { isUuid } from "../store/finding-filter.ts";
import { getSite } from "../store/site.ts";
import { dueKind, dueRunSchema, showDueRun } from "./due-run-schema.ts";
import { endpoint } from "./endpoint.ts";
import { id } from "./value-schemas.ts";

export const postRunEndpoint = endpoint({
  method: "post",
  path: "/runs",
  summary: "Ask for a run of a site",
  description:
    "A worker takes it up as soon as it is free. Where one of the kind is asked for and waits already, the answer is that one. Location says where to see what becomes of it.",
  body: z.object({
    site: z.string(),
    kind: dueKind.default("increment"),
    id: id.refine(isUuid, "It is no id (a UUID).").optional().meta({ description: "Made by the client: sent again, it is the same" }),
  }),
  status: 202,
  answers: z.object({ dueRun: dueRunSchema }),
  problems: ["site-unknown", "not-json", "nothing-to-read"],
  answer: async (parts, { viewer, body }) => {
    const { db, clock, makeId, config } = parts;
    const { sites } = await readKnownNames(db, viewer, config);
    if (!sites.includes(body.site)) throw siteUnknown(body.site, sites);
    if (!config.sites.some(({ name, sources }) => name === body.site && sources.length > 0)) throw nothingToRead(body.site);
    const { siteId } = await getSite(db, body.site);
    const dueRun = await askForRun(db, { siteId, kind: body.kind, at: clock(), by: viewer.person, id: body.id ?? makeId() });
    return { body: { dueRun: showDueRun(dueRun) }, location: `/api/v1/due-runs/${dueRun.id}` };
  },
});

export function siteUnknown(name: string, sites: readonly string[]): UserError {
  const choice = sites.length === 0 ? "Name it in followthrough.yaml with what to read." : `It may be: ${sites.join(", ")}.`;
  return new UserError("site-unknown", `There is no site "${name}".${didYouMean(name, sites)}`, choice);
}

function nothingToRead(site: string): UserError {
  return new UserError(
    "nothing-to-read",
    `The configuration names no source of the site "${site}", so a run would read nothing.`,
    "Enter its FHIR server or folder under sources in followthrough.yaml, and start Followthrough again.",
  );
}
