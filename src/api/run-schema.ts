import { z } from "zod";
import type { ListedRun } from "../store/run-page.ts";
import { formatInstant, formatOrNull } from "../domain/format-instant.ts";
import { id, interval, time } from "./value-schemas.ts";

const count = z.int();

export const runSchema = z
  .object({
    id,
    site: z.string(),
    kind: z.string().meta({ description: "scan, pull, detect or rebuild" }),
    state: z.enum(["running", "complete", "incomplete", "failed", "interrupted"]).meta({
      description: "incomplete: done, but not everything that the signals need was seen",
    }),
    now: time.nullable().meta({ description: "As at when it judged" }),
    startedAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: "Run" });

/** As `scan --json` ends with; what else it says follows. */
export const summarySchema = z
  .object({
    run: z.looseObject({ watchFrom: time.nullable(), unplaced: count }),
    feeds: z.array(
      z.object({
        source: z.string(),
        type: z.string(),
        read: count,
        stored: count,
        duplicate: count,
        quarantined: count,
        expired: count,
        skipped: count,
        expected: count.nullable().meta({ description: "Records of the windows that the server counted; null: it counted none" }),
        given: count.nullable().meta({ description: "Records that those windows gave, each once" }),
        uncounted: count.meta({ description: "Windows that the server gave and did not count" }),
        coveredUntil: time.nullable(),
        gaps: z.array(interval),
      }),
    ),
    signals: z.array(
      z.union([
        z.object({
          id: z.string(),
          version: count,
          runs: z.enum(["yes", "blind", "no"]).meta({ description: "blind: it runs, and part of what it needs was not seen" }),
          opened: count,
          met: count,
          pending: count,
          late: count,
          missed: count,
          unknown: count,
          cancelled: count,
          occurred: count,
          beforeWatch: count,
          notLookedAt: z.array(interval),
        }),
        z
          .strictObject({ id: z.string(), version: count, alarms: count })
          .meta({ id: "SeriesSummary", description: "A series: how many of its periods break a rule" }),
      ]),
    ),
  })
  .meta({ id: "ScanSummary", description: "What a run read, decided and could not see" });

export function showRun({ id: runId, site, kind, state, now, startedAt, finishedAt }: ListedRun): z.input<typeof runSchema> {
  return {
    id: runId,
    site,
    kind,
    state,
    now: formatOrNull(now),
    startedAt: formatInstant(startedAt),
    finishedAt: formatOrNull(finishedAt),
  };
}
