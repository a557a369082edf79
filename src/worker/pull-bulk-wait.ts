import { askAfter } from "../fhir/bulk-export.ts";
import type { ExportManifest } from "../fhir/bulk-export-manifest.ts";
import { placeFile } from "../fhir/bulk-link.ts";
import { FhirFailure, isPassing } from "../fhir/fhir-failure.ts";
import { keepManifest, type HeldExport } from "../store/bulk-export.ts";
import { jitter, type BulkPull } from "./bulk-pull.ts";
import { pulledTypes } from "./pulled-types.ts";

/** How it went. `reason` completes "The server …". */
export type Waited =
  { readonly kind: "ready" } | { readonly kind: "forgotten" } | { readonly kind: "running" | "failed"; readonly reason: string };

const [firstWaitMs, longestWaitMs] = [1_000, 60_000];
/** So many failures one after another are an outage: the export is left to the next pull. */
const mostFailures = 6;

/**
 * Waits until the server has made the files of an export, and keeps its manifest. It asks as often as the server says
 * (Retry-After), but no more than once a second; else ever more seldom.
 * @throws FhirFailure where the server will not be asked at all; UserError where its files lie where none may be fetched
 */
export async function awaitExport(pull: BulkPull, held: HeldExport): Promise<Waited> {
  const { ask, server, scope, clock, budget } = pull;
  let failures = 0;
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    let wish: { readonly retryAfterMs: number | undefined; readonly percent?: number | undefined };
    let reason = "is still making its export";
    try {
      const status = await askAfter(ask, server.base, held.pollUrl, clock());
      if (status.kind === "ready") {
        await keepFiles(pull, held, status.manifest);
        return { kind: "ready" };
      }
      failures = 0;
      wish = status;
    } catch (error) {
      if (!(error instanceof FhirFailure) || error.kind === "refused" || error.kind === "untrusted") throw error;
      if (error.status === 404 || error.status === 410) return { kind: "forgotten" };
      failures += 1;
      // By the specification, what may pass is told by the code `transient`; everything else has ended the export.
      if (!isPassing(error) && !/\btransient\b/.test(error.reason)) return { kind: "failed", reason: error.reason };
      if (failures >= mostFailures) return { kind: "running", reason: error.reason };
      [wish, reason] = [error, error.reason];
    }
    // A server that says "at once" would be asked without end.
    const nextMs = Math.max(wish.retryAfterMs ?? jitter(pull, waitMs), firstWaitMs);
    if (nextMs > budget.leftMs) return { kind: "running", reason };
    budget.leftMs -= nextMs;
    pull.onWait({ source: scope.source, begunAt: held.begunAt, percent: wish.percent, nextMs });
    await pull.patience.sleep(nextMs);
  }
}

/**
 * What others name comes first, so that little has to be fetched by its id; deletions and errors last. Files of types that
 * were not asked for are left where they are: a server that knows no `_type` may have years of them.
 */
async function keepFiles({ db, scope, server, settings }: BulkPull, { types }: HeldExport, manifest: ExportManifest): Promise<void> {
  const order = (type: string): number => (pulledTypes as readonly string[]).indexOf(type);
  const files = (["output", "deleted", "error"] as const).flatMap((kind) =>
    manifest[kind]
      .filter(({ type }) => kind !== "output" || types.length === 0 || types.includes(type) || type === "OperationOutcome")
      .toSorted((a, b) => order(a.type) - order(b.type))
      .map(({ type, url, count: expected }) => {
        const link = placeFile(server.base, url, { needsToken: manifest.needsToken, hosts: settings.fileHosts });
        return { kind, type, expected, ...link };
      }),
  );
  await keepManifest(db, { siteId: scope.siteId, source: scope.source }, manifest.transactionAt, files);
}
