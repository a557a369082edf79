import { z } from "zod";
import { listAlarms } from "../store/alarm.ts";
import { alarmSchema, showAlarm } from "./alarm-schema.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { endpoint } from "./endpoint.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { readSites, siteQuery } from "./site-query.ts";
import { next, pageQuery } from "./value-schemas.ts";

const list = "alarms";

export const listAlarmsEndpoint = endpoint({
  method: "get",
  path: "/alarms",
  summary: "Periods in which a feed or a number broke a rule, the latest first",
  query: z.object({
    ...siteQuery,
    signal: z
      .string()
      .optional()
      .meta({ description: "Id of a series", examples: ["feed-silence"] }),
    ...pageQuery(500),
  }),
  answers: z.object({ alarms: z.array(alarmSchema), next, seen: seenSchema }),
  problems: ["unknown-filter-value", "not-a-cursor"],
  answer: async (parts, { viewer, query, pageAt }) => {
    const place = readCursor(query.cursor, list);
    const sites = await readSites(parts, viewer, query.site);
    const seen = await readSeen(parts, viewer, { ...(sites && { sites }) });
    const mine = seen.sites.map(({ site }) => site);
    const filter = {
      sites: mine,
      ...(query.signal !== undefined && { signal: query.signal }),
      ...(place && { after: { from: place.at, id: place.id } }),
    };
    // One more than asked for tells whether there is a next page.
    const found = await listAlarms(parts.db, filter, query.limit + 1);
    const shown = found.slice(0, query.limit);
    const last = found.length > query.limit ? shown.at(-1) : undefined;
    return { body: { alarms: shown.map(showAlarm), next: pageAt(last && writeCursor({ of: list, at: last.from, ids: [last.id] })), seen } };
  },
});
