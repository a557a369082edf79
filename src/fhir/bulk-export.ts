import type { Instant } from "../domain/instant.ts";
import { readExportManifest, type ExportManifest } from "./bulk-export-manifest.ts";
import { pinToServer } from "./bulk-link.ts";
import { asJson, readText, type AskBulk } from "./bulk-requests.ts";
import { FhirFailure } from "./fhir-failure.ts";

/** How far an export is. */
export type ExportStatus =
  | { readonly kind: "ready"; readonly manifest: ExportManifest }
  | {
      readonly kind: "running";
      /** What it asked to wait, in milliseconds. */
      readonly retryAfterMs: number | undefined;
      /** Of a hundred, where it says so. */
      readonly percent: number | undefined;
    };

export interface ExportRequest {
  /** `system`, `patient` or `group/ID`. */
  readonly level: string;
  /** Empty: whatever it has. */
  readonly types: readonly string[];
  /** -Infinity: everything. */
  readonly since: Instant;
}

/** A manifest of more is no manifest. */
const mostOfManifest = 64 * 1024 * 1024;
/** More pages of one manifest than this do not come to an end. */
const mostPages = 1_000;

/**
 * Asks a server to export. One that refuses the list of types is asked to overlook what it does not know, and then to
 * export whatever it has: `_type` is not every server's, and some refuse it for one type that they do not export.
 * @returns the URL to ask after it
 * @throws FhirFailure
 */
export async function kickOff(ask: AskBulk, base: string, order: ExportRequest): Promise<string> {
  if (order.types.length > 0) {
    for (const prefer of ["respond-async", "respond-async, handling=lenient"] as const) {
      try {
        return await askForExport(ask, base, order, prefer);
      } catch (error) {
        if (!(error instanceof FhirFailure) || (error.status !== 400 && error.status !== 422)) throw error;
      }
    }
  }
  return askForExport(ask, base, { ...order, types: [] }, "respond-async");
}

async function askForExport(
  ask: AskBulk,
  base: string,
  { level, types, since }: ExportRequest,
  prefer: NonNullable<Parameters<AskBulk>[0]["prefer"]>,
): Promise<string> {
  const query = new URLSearchParams({
    _outputFormat: "application/fhir+ndjson",
    ...(Number.isFinite(since) && { _since: new Date(since).toISOString() }),
    ...(types.length > 0 && { _type: types.join(",") }),
  });
  const [, group] = /^group\/(.+)$/.exec(level) ?? [];
  const path = group !== undefined ? `Group/${encodeURIComponent(group)}/$export` : level === "patient" ? "Patient/$export" : "$export";
  const { headers, body } = await ask({
    method: "GET",
    url: `${base}/${path}?${query.toString()}`,
    accept: "application/fhir+json",
    prefer,
    withToken: true,
  });
  await readText(body, mostOfManifest);
  const said = headers.get("content-location");
  if (said === null) throw new FhirFailure("not-fhir", "took the request for an export, and does not say where to ask after it");
  const url = pinToServer(base, said);
  if (url === undefined) throw new FhirFailure("refused", "has us ask after its export at another address");
  return url;
}

/** @throws FhirFailure, of status 404 or 410 where the server knows the export no more */
export async function askAfter(ask: AskBulk, base: string, pollUrl: string, now: Instant): Promise<ExportStatus> {
  const first = await askOnce(ask, pollUrl, now);
  if (first.kind === "running") return first;
  let manifest = first.manifest;
  for (let page = 1, next = manifest.next; next !== undefined; page += 1) {
    const url = pinToServer(base, next);
    if (url === undefined || page >= mostPages)
      throw new FhirFailure("pages", "gave a link to the rest of its manifest that leads elsewhere");
    const more = await askOnce(ask, url, now);
    if (more.kind === "running") return more;
    const { output, deleted, error } = more.manifest;
    manifest = {
      ...manifest,
      output: [...manifest.output, ...output],
      deleted: [...manifest.deleted, ...deleted],
      error: [...manifest.error, ...error],
    };
    next = more.manifest.next;
  }
  return { kind: "ready", manifest };
}

async function askOnce(ask: AskBulk, url: string, now: Instant): Promise<ExportStatus> {
  const { status, headers, body } = await ask({ method: "GET", url, accept: "application/json", withToken: true });
  const text = await readText(body, mostOfManifest);
  if (status === 202) return { kind: "running", retryAfterMs: retryAfterOf(headers, now), percent: percentOf(headers.get("x-progress")) };
  return { kind: "ready", manifest: readExportManifest(asJson(text) ?? {}) };
}

/** Ends an export and has its files deleted. What the server says to it changes nothing: it does so by itself in the end. */
export async function cancelExport(ask: AskBulk, pollUrl: string): Promise<void> {
  try {
    const { body } = await ask({ method: "DELETE", url: pollUrl, accept: "application/fhir+json", withToken: true });
    await readText(body, mostOfManifest);
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error;
  }
}

/** Seconds, or a date. */
function retryAfterOf(headers: Headers, now: Instant): number | undefined {
  const written = headers.get("retry-after");
  if (written === null) return undefined;
  const at = /^\d+$/.test(written) ? now + Number(written) * 1_000 : Date.parse(written);
  return Number.isNaN(at) ? undefined : Math.max(at - now, 0);
}

/** Only a number is taken over: what else stands there is the server's own, and might be anything. */
function percentOf(progress: string | null): number | undefined {
  const [, written] = /(\d{1,3}(?:\.\d+)?)\s*%/.exec(progress ?? "") ?? [];
  const percent = Number(written);
  return written !== undefined && percent <= 100 ? percent : undefined;
}
