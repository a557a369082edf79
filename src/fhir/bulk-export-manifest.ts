import type { Instant } from "../domain/instant.ts";
import { parseRfc3339 } from "../domain/rfc3339.ts";
import { isObject, type JsonObject } from "./bundle.ts";
import { FhirFailure } from "./fhir-failure.ts";

/** What a server says of an export that is ready (Bulk Data Access 2.0 and 3.0, "Response - Output Manifest"). */
export interface ExportManifest {
  /** What it holds is as at this instant. */
  readonly transactionAt: Instant;
  readonly needsToken: boolean;
  readonly output: readonly ManifestFile[];
  readonly deleted: readonly ManifestFile[];
  readonly error: readonly ManifestFile[];
  /** A manifest that says more of the same export. */
  readonly next: string | undefined;
}

interface ManifestFile {
  /** Of its resources; of deletions and errors what the server says of them, if anything. */
  readonly type: string;
  readonly url: string;
  /** Resources in it. */
  readonly count: number | undefined;
}

/** @throws FhirFailure where it is no manifest: its files would be guesses */
export function readExportManifest(value: JsonObject): ExportManifest {
  const { transactionTime, requiresAccessToken } = value;
  const transactionAt = typeof transactionTime === "string" ? parseRfc3339(transactionTime) : undefined;
  if (transactionAt === undefined || !Array.isArray(value["output"])) throw unreadable();
  const links: unknown[] = Array.isArray(value["link"]) ? value["link"] : [];
  const next = links.find((link) => isObject(link) && link["relation"] === "next");
  return {
    transactionAt,
    // It is required; a server that forgets it most likely guards its files as it does everything else.
    needsToken: requiresAccessToken !== false && requiresAccessToken !== "false",
    output: filesOf(value["output"], true),
    deleted: filesOf(value["deleted"], false),
    error: filesOf(value["error"], false),
    next: isObject(next) && typeof next["url"] === "string" ? next["url"] : undefined,
  };
}

function filesOf(value: unknown, isTyped: boolean): ManifestFile[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unreadable();
  return value.map((each: unknown) => {
    const { type, url, count } = isObject(each) ? each : {};
    if (typeof url !== "string" || (isTyped && typeof type !== "string")) throw unreadable();
    return {
      type: typeof type === "string" ? type : "",
      url,
      count: typeof count === "number" && Number.isInteger(count) && count >= 0 ? count : undefined,
    };
  });
}

function unreadable(): FhirFailure {
  return new FhirFailure("not-fhir", "says that its export is ready, with no manifest that can be read");
}
