import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { statusOf, type PastStep, type Standing, type Step } from "../domain/status.ts";
import type { Verdict } from "../domain/verdict.ts";

/** The recorded steps on these loops, oldest first; a loop without any is absent. */
export async function readPastSteps(db: Kysely<Database>, loopIds: readonly string[]): Promise<Map<string, PastStep[]>> {
  if (loopIds.length === 0) return new Map();
  const { rows } = await sql<PastStep & { loop_id: string; step: Step }>`
    select loop_id, step, reviewer, at, verdict from review where loop_id = any(${[...loopIds]}::uuid[]) order by at, review_id`.execute(
    db,
  );
  return Map.groupBy(rows, (row) => row.loop_id);
}

export interface Reviewed extends Standing {
  readonly reviews: number;
}

/** Where each of these loops stands with people. */
export async function readStandings(
  db: Kysely<Database>,
  loops: readonly { readonly loop_id: string; readonly verdict: Verdict }[],
): Promise<Map<string, Reviewed>> {
  const steps = await readPastSteps(
    db,
    loops.map((loop) => loop.loop_id),
  );
  return new Map(
    loops.map((loop) => {
      const past = steps.get(loop.loop_id) ?? [];
      return [loop.loop_id, { ...statusOf(past, loop), reviews: past.length }];
    }),
  );
}
