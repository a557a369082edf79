import { z } from "zod";
import { readKnownNames } from "../insight/read-finding-filter.ts";
import { askForRun } from "../store/due-run.ts";
import { isUuid } from "../store/finding-filter.ts";
import { readKey, unknownKey } from "../store/quarantine-key.ts";
import { listHeldKeys } from "../store/quarantine-page.ts";
import { getSite } from "../store/site.ts";
import { dueRunSchema, showDueRun } from "./due-run-schema.ts";
import { endpoint } from "./endpoint.ts";
import { siteUnknown } from "./post-run.ts";
import { id } from "./value-schemas.ts";

/** More are a site's whole quarantine. */
const mostKeys = 500;

export const postReplayEndpoint = endpoint({
  method: "post",
  path: "/quarantine/replays",
  summary: "Ask for another try of what is in quarantine",
  description:
    "After a new version, configuration or mapping. A worker takes it up as soon as it is free: what can be used now is taken in and leaves the quarantine, and the site is judged. Asked twice, it changes nothing twice. Location says where to see what becomes of it.",
  body: z.object({
    site: z.string(),
    keys: z.array(z.string()).min(1).max(mostKeys).optional().meta({ description: "Only these; absent: all of the site" }),
    id: id.refine(isUuid, "It is no id (a UUID).").optional().meta({ description: "Made by the client: sent again, it is the same" }),
  }),
  status: 202,
  answers: z.object({ dueRun: dueRunSchema }),
  problems: ["site-unknown", "quarantine-key", "not-json"],
  answer: async (parts, { viewer, body }) => {
    const { db, clock, makeId, config } = parts;
    const { sites } = await readKnownNames(db, viewer, config);
    if (!sites.includes(body.site)) throw siteUnknown(body.site, sites);
    const { siteId } = await getSite(db, body.site);
    const keys = body.keys?.map(readKey);
    const held = await listHeldKeys(db, siteId, keys ?? []);
    const missing = keys?.findIndex((key) => !held.has(key)) ?? -1;
    if (missing >= 0) throw unknownKey(body.keys?.[missing] ?? "");
    const dueRun = await askForRun(db, { siteId, kind: "replay", at: clock(), by: viewer.person, id: body.id ?? makeId(), keys });
    return { body: { dueRun: showDueRun(dueRun) }, location: `/api/v1/due-runs/${dueRun.id}` };
  },
});
