import { z } from "zod";
import { formatInstant } from "../domain/format-instant.ts";
import { showKey } from "../store/quarantine-key.ts";
import type { DueRun } from "../store/due-run.ts";
import { id, time } from "./value-schemas.ts";

export const dueKind = z
  .enum(["increment", "reconcile"])
  .meta({ description: "increment: what changed since the last; reconcile: what the last ones may have missed, too" });

export const dueRunSchema = z
  .object({
    id,
    site: z.string(),
    kind: z.enum([...dueKind.options, "replay"]).meta({ description: "replay: another try of what is in quarantine" }),
    dueAt: time,
    askedBy: z.string().nullable().meta({ description: "Null: the schedule" }),
    state: z.enum(["waiting", "running", "done", "failed"]),
    runId: id.nullable().meta({ description: "The run that works on it, or settled it" }),
    keys: z.array(z.string()).nullable().meta({ description: "Of a replay: what it tries again; null: everything, or it is no replay" }),
  })
  .meta({ id: "DueRun", description: "A run that is to be, or was" });

export function showDueRun({ dueAt, askedBy, runId, keys, ...rest }: DueRun): z.input<typeof dueRunSchema> {
  return { ...rest, dueAt: formatInstant(dueAt), askedBy: askedBy ?? null, runId: runId ?? null, keys: keys?.map(showKey) ?? null };
}
