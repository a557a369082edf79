import { z } from "zod";
import { formatInstant } from "../domain/format-instant.ts";
import type { DueRun } from "../store/due-run.ts";
import { id, time } from "./value-schemas.ts";

export const dueKind = z
  .enum(["increment", "reconcile"])
  .meta({ description: "increment: what changed since the last; reconcile: what the last ones may have missed, too" });

export const dueRunSchema = z
  .object({
    id,
    site: z.string(),
    kind: dueKind,
    dueAt: time,
    askedBy: z.string().nullable().meta({ description: "Null: the schedule" }),
    state: z.enum(["waiting", "running", "done", "failed"]),
    runId: id.nullable().meta({ description: "The run that works on it, or settled it" }),
  })
  .meta({ id: "DueRun", description: "A run that is to be, or was" });

export function showDueRun({ dueAt, askedBy, runId, ...rest }: DueRun): z.input<typeof dueRunSchema> {
  return { ...rest, dueAt: formatInstant(dueAt), askedBy: askedBy ?? null, runId: runId ?? null };
}
