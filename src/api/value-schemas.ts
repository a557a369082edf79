import { z } from "zod";

/** RFC 3339 in UTC. */
export const time = z.string().meta({ format: "date-time" });
export const id = z.string().meta({ format: "uuid" });

export const interval = z.object({ from: time, to: time }).meta({ id: "Interval", description: "Half-open: from, and before to." });

/** In addresses: whether it is one is for each endpoint to say, for what is none names nothing. */
export const idParams = z.object({ id: z.string().meta({ description: "Its id" }) });

export const next = z
  .string()
  .nullable()
  .meta({ description: "Address of the next page, also in the Link header; null on the last", examples: ["/api/v1/findings?cursor=…"] });

/** @param most what one page may hold */
export function pageQuery(most: number) {
  const says = `Write a whole number from 1 to ${most}.`;
  return {
    limit: z.coerce
      .number({ error: says })
      .int({ error: says })
      .min(1, { error: says })
      .max(most, { error: says })
      .default(50)
      .meta({ description: `How many at most: 1 to ${most}` }),
    cursor: z.string().optional().meta({ description: "Where the page begins: take it from `next`" }),
  };
}
