import { UserError } from "../domain/user-error.ts";
import { kickOff } from "../fhir/bulk-export.ts";
import { originOf } from "../fhir/capability.ts";
import { FhirFailure, isPassing } from "../fhir/fhir-failure.ts";
import { findExport, keepExport, noteTry, type ExportOrder, type HeldExport } from "../store/bulk-export.ts";
import type { BroughtBy } from "./brought.ts";
import { jitter, type BulkPull } from "./bulk-pull.ts";
import { deleteExport, endExport } from "./pull-bulk-end.ts";
import { pullFiles } from "./pull-bulk-files.ts";
import { awaitExport } from "./pull-bulk-wait.ts";

/**
 * How an export went. `waiting`: the next pull goes on with it, and no other may be begun; `lost`: it is over without
 * having brought anything for certain. `reason` completes "The server …".
 */
export type ExportOutcome =
  ({ readonly kind: "ended" } & BroughtBy) | { readonly kind: "waiting" | "lost" | "refused"; readonly reason: string };

/**
 * Has a server export, and reads what it makes.
 * @throws UserError `source-without-export`
 */
export async function beginExport(pull: BulkPull, order: ExportOrder): Promise<ExportOutcome> {
  const { db, scope, clock } = pull;
  const source = { siteId: scope.siteId, source: scope.source };
  const begunAt = clock();
  try {
    const pollUrl = await kickOffPatiently(pull, order);
    await keepExport(db, source, { ...order, pollUrl, begunAt });
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error;
    if (isNotOffered(error)) throw withoutExport(pull, error);
    // Nothing else that it is asked for now will be answered.
    return { kind: "waiting", reason: error.reason };
  }
  const held = await findExport(db, source);
  if (held === undefined) throw new Error("an export that was just kept is not there");
  return carryOut(pull, held);
}

/** Waits for an export, reads its files from where they are stored on, and ends it. */
export async function carryOut(pull: BulkPull, begun: HeldExport): Promise<ExportOutcome> {
  const source = { siteId: pull.scope.siteId, source: pull.scope.source };
  try {
    if (begun.transactionAt === undefined) {
      const waited = await awaitExport(pull, begun);
      if (waited.kind === "running") return { kind: "waiting", reason: waited.reason };
      if (waited.kind !== "ready") {
        await deleteExport(pull, begun);
        return { kind: "lost", reason: waited.kind === "failed" ? waited.reason : "has forgotten the export that it began" };
      }
    }
    const held = (await findExport(pull.db, source)) ?? begun;
    const transactionAt = held.transactionAt ?? pull.until;
    const read = await pullFiles(pull, held);
    if (read === "expired") {
      await deleteExport(pull, held);
      return { kind: "lost", reason: "no longer has the files of its export" };
    }
    if (read !== "whole") {
      await noteTry(pull.db, source);
      return { kind: "waiting", reason: read.waiting };
    }
    return { kind: "ended", transactionAt, ...(await endExport(pull, held, transactionAt)) };
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error;
    return { kind: "waiting", reason: error.reason };
  }
}

async function kickOffPatiently(pull: BulkPull, order: ExportOrder): Promise<string> {
  const { ask, server, patience, budget } = pull;
  for (const waitMs of patience.waitsMs) {
    try {
      return await kickOff(ask, server.base, order);
    } catch (error) {
      if (!(error instanceof FhirFailure) || !isPassing(error)) throw error;
      const nextMs = error.retryAfterMs ?? jitter(pull, waitMs);
      if (nextMs > budget.leftMs) throw error;
      budget.leftMs -= nextMs;
      await patience.sleep(nextMs);
    }
  }
  return kickOff(ask, server.base, order);
}

function isNotOffered({ status, reason }: FhirFailure): boolean {
  return status === 404 || status === 405 || status === 501 || (status === 400 && /\bnot-supported\b/.test(reason));
}

function withoutExport({ server, scope, level }: BulkPull, failure: FhirFailure): UserError {
  const what = level.startsWith("group/") ? `of the group ${level.slice("group/".length)}` : `at ${level} level`;
  return new UserError(
    "source-without-export",
    `The server of source ${scope.source} (${originOf(server.base)}) offers no export ${what}: it ${failure.reason}.`,
    `Have bulk export enabled there, or ask at another level (bulk.level: system, patient, or group with the id of a Group that it has); or leave bulk out, and it is read by searches.`,
  );
}
