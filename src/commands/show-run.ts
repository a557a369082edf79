import { kindOfDefect, placesOfDefect } from "../domain/describe-defect.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import { UserError } from "../domain/user-error.ts";
import type { SettledRun } from "../worker/settle-due-runs.ts";

/** A run of the schedule in one line for a log; of a defect also where it happened. Nothing of any patient. */
export function showRun({ site, kind, settled, startedAt, finishedAt, outcome }: SettledRun): string {
  const state = "error" in outcome ? "failed" : outcome.summary.run.state;
  const took = `${settled} due, ${((finishedAt - startedAt) / 1_000).toFixed(1)} s`;
  const what = "error" in outcome ? showFailure(outcome.error) : showCounts(outcome.summary);
  return `${new Date(finishedAt).toISOString()} ${site} ${kind} ${state} (${took}): ${what}`;
}

function showCounts({ feeds, signals }: ScanSummary): string {
  const read = (["read", "stored", "quarantined"] as const).map((count) => `${total(feeds.map((feed) => feed[count]))} ${count}`);
  const judged = (["missed", "late", "unknown", "occurred", "pending"] as const).map(
    (verdict) => `${total(signals.map((row) => row[verdict]))} ${verdict}`,
  );
  return `${read.join(", ")}; ${judged.join(", ")}`;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Only a UserError's words are shown: others may quote a record. */
export function showFailure(error: unknown): string {
  if (error instanceof UserError) return `${error.message} ${error.fix}`.replaceAll("\n", " ");
  return `This is a defect of Followthrough (${kindOfDefect(error)}).\n${placesOfDefect(error)}`;
}
