import { z } from "zod";
import { recordQuarantineLook } from "../store/look.ts";
import { readKey, unknownKey } from "../store/quarantine-key.ts";
import { findQuarantinedWhole } from "../store/quarantine-page.ts";
import { getSite } from "../store/site.ts";
import { endpoint } from "./endpoint.ts";
import { quarantinedSchema, showQuarantined } from "./quarantine-schema.ts";

export const getQuarantinedEndpoint = endpoint({
  method: "get",
  path: "/quarantine/{key}",
  summary: "One resource in quarantine whole, as it was read",
  description: "It is a patient's record: each look is recorded.",
  params: z.object({ key: z.string().meta({ description: "As the list has it" }) }),
  answers: z.object({
    quarantined: quarantinedSchema,
    body: z.string().meta({ description: "As it was read; of what is too large the start" }),
  }),
  problems: ["quarantine-key"],
  answer: async ({ db, clock, makeId }, { viewer, params: { key: text } }) => {
    const key = readKey(text);
    const found = await findQuarantinedWhole(db, viewer, key);
    if (!found) throw unknownKey(text);
    const { siteId } = await getSite(db, found.site);
    await recordQuarantineLook(db, viewer, { id: makeId(), siteId, key, how: "GET quarantined", at: clock() });
    return { body: { quarantined: showQuarantined(found), body: found.body } };
  },
});
