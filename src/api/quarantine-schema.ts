import { z } from "zod";
import { formatOrNull } from "../domain/format-instant.ts";
import { showKey } from "../store/quarantine-key.ts";
import type { Quarantined } from "../store/quarantine.ts";
import { time } from "./value-schemas.ts";

const type = z.string().nullable().meta({ description: "Null where not even that can be told" });

export const quarantinedSchema = z
  .object({
    key: z.string(),
    site: z.string(),
    source: z.string(),
    type,
    code: z.string().meta({ description: "Why, for programs" }),
    reason: z.string(),
    file: z.string().meta({ description: "Where it was read: a file, or what was asked of a server" }),
    line: z.int().meta({ description: "Its line or entry there" }),
    since: time.nullable().meta({ description: "When the run began that first met it" }),
  })
  .meta({ id: "Quarantined", description: "Something that could not be used, without what it says" });

export const quarantineCount = z.object({ site: z.string(), code: z.string(), type, count: z.int() }).meta({ id: "QuarantineCount" });

export function showQuarantined({
  key,
  site,
  source,
  type: of,
  code,
  reason,
  file,
  line,
  since,
}: Quarantined): z.input<typeof quarantinedSchema> {
  return { key: showKey(key), site, source, type: of ?? null, code, reason, file, line, since: formatOrNull(since) };
}
