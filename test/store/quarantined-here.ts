import { randomUUID } from "node:crypto";
import type { Connection } from "../../src/db/connect.ts";
import { addCoverage } from "../../src/store/coverage.ts";
import { getSite } from "../../src/store/site.ts";
import { openBatchWriter } from "../../src/worker/batch-writer.ts";
import { OpenBatch } from "../../src/worker/open-batch.ts";
import type { Refusal } from "../../src/worker/store-refusals.ts";

/** A Task that can be used, and that an older version of ours could not place. */
export function usableTask(id: string): object {
  return { resourceType: "Task", id, status: "requested", intent: "order", authoredOn: "2026-03-02T09:20:00Z" };
}

export function refusalOf(resource: object | string, more: Partial<Refusal> = {}): Refusal {
  const body = typeof resource === "string" ? resource : JSON.stringify(resource);
  return {
    type: "Task",
    code: "no-time",
    reason: "An older version could not place it.",
    file: "Task.ndjson",
    line: 1,
    body,
    names: [],
    patient: undefined,
    identity: body,
    eventAt: Date.parse("2026-03-02T09:00:00Z"),
    ...more,
  };
}

/** As an older version of ours left it behind. */
export async function quarantineAt({ db }: Connection, name: string, ...refusals: Refusal[]): Promise<void> {
  const site = await getSite(db, name);
  await addCoverage(db, site.siteId, "folder", []);
  const scope = { siteId: site.siteId, site, source: "folder", runId: randomUUID() };
  const batch = new OpenBatch(name);
  for (const refusal of refusals) batch.addRefusal(refusal);
  await openBatchWriter(db, scope)(batch.pack());
}
