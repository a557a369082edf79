import { FhirFailure, isPassing } from "../fhir/fhir-failure.ts";
import { listFiles, noteNotExported, type HeldExport, type HeldFile } from "../store/bulk-export.ts";
import { jitter, type BulkPull } from "./bulk-pull.ts";
import { pullFile } from "./pull-bulk-file.ts";

/** How it went. `waiting`: the next pull goes on with it. */
export type FilesRead = "whole" | "expired" | { readonly waiting: string };

/** So often an export is gone on with after files that broke off: then it goes without them. */
const mostTries = 3;

/**
 * Reads the files of an export that are not stored yet. One that is not given for good is noted, and the others are read.
 * @throws FhirFailure where the server as a whole no longer lets us in
 */
export async function pullFiles(pull: BulkPull, held: HeldExport): Promise<FilesRead> {
  const source = { siteId: pull.scope.siteId, source: pull.scope.source };
  const files = await listFiles(pull.db, source);
  let waiting: string | undefined;
  for (const file of files.filter(({ done }) => !done)) {
    const failure = await pullPatiently(pull, held, file);
    const read = (await listFiles(pull.db, source)).find(({ place }) => place === file.place)?.counted ?? 0;
    pull.onWindow({
      source: pull.scope.source,
      type: file.kind === "output" ? file.type : file.kind,
      from: held.since,
      to: held.transactionAt ?? pull.until,
      read: read - file.counted,
      feed: file.place + 1,
      feeds: files.length,
      ...(failure !== undefined && { failed: failure.reason }),
    });
    if (failure === undefined) continue;
    // Links of files expire; only a new export has new ones.
    if (failure.status === 404 || failure.status === 410) return "expired";
    if (failure.kind === "untrusted" || failure.status === 401) throw failure;
    if (isPassing(failure) && held.tries < mostTries) waiting = failure.reason;
    else await noteNotExported(pull.db, source, file.kind === "output" ? file.type : "*", failure.reason);
  }
  return waiting === undefined ? "whole" : { waiting };
}

/** Why it was not given; undefined where it was. */
async function pullPatiently(pull: BulkPull, held: HeldExport, file: HeldFile): Promise<FhirFailure | undefined> {
  const { siteId, source } = pull.scope;
  for (const waitMs of [...pull.patience.waitsMs, undefined]) {
    const place: HeldFile = (await listFiles(pull.db, { siteId, source })).find((each) => each.place === file.place) ?? file;
    try {
      await pullFile(pull, held, place);
      return undefined;
    } catch (error) {
      if (!(error instanceof FhirFailure)) throw error;
      const mayPass = isPassing(error) || error.kind === "pages" || error.kind === "slow";
      const nextMs = waitMs === undefined ? Infinity : (error.retryAfterMs ?? jitter(pull, waitMs));
      if (!mayPass || nextMs > pull.budget.leftMs) return error;
      pull.budget.leftMs -= nextMs;
      await pull.patience.sleep(nextMs);
    }
  }
  return undefined;
}
