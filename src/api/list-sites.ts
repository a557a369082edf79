import { z } from "zod";
import { formatOrNull } from "../domain/format-instant.ts";
import { listRunPage } from "../store/run-page.ts";
import { listSites } from "../store/site.ts";
import { endpoint } from "./endpoint.ts";
import { runSchema, showRun } from "./run-schema.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { time } from "./value-schemas.ts";

const site = z
  .object({
    site: z.string(),
    judgedAt: time.nullable().meta({ description: "As at when it was last judged; null: never" }),
    latestRecordAt: time.nullable().meta({ description: "The latest time that its records carry" }),
    complete: z.boolean().meta({ description: "Up to `judgedAt`, all that its signals need was seen; `seen` says what was not" }),
    latestRun: runSchema.nullable(),
  })
  .meta({ id: "Site" });

export const listSitesEndpoint = endpoint({
  method: "get",
  path: "/sites",
  summary: "Every site that has been read or is configured",
  answers: z.object({ sites: z.array(site), seen: seenSchema }),
  answer: async (parts, { viewer }) => {
    const seen = await readSeen(parts, viewer, {});
    const latest = new Map((await listSites(parts.db)).map(({ name, latestAt }) => [name, latestAt]));
    const sites: z.input<typeof site>[] = [];
    for (const { site: name, judgedAt, complete } of seen.sites) {
      const { runs } = await listRunPage(parts.db, viewer, [name], { limit: 1 });
      sites.push({
        site: name,
        judgedAt,
        latestRecordAt: formatOrNull(latest.get(name)),
        complete,
        latestRun: runs[0] ? showRun(runs[0]) : null,
      });
    }
    return { body: { sites, seen } };
  },
});
