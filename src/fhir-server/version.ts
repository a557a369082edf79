import { createHash } from "node:crypto";
import { canonicalText, isObject, type JsonObject } from "./json-value.ts";
import type { FoundResource, Place, Unservable } from "./read-files.ts";
import { shiftTimes } from "./shift-times.ts";
import { timesOf } from "./time-params.ts";
import { readTime, type TimeRange } from "./time-range.ts";

/** One version of a record, as the server holds it. */
export interface Version {
  readonly type: string;
  readonly id: string;
  readonly versionId: string;
  readonly lastUpdated: number;
  /** JSON, as it is sent. */
  readonly body: string;
  readonly deleted: boolean;
  /** What the record says to the search parameters of type date. */
  readonly times: ReadonlyMap<string, TimeRange>;
}

/** One as it was found: it need not say of itself which version it is, nor when it came to be. */
export interface FoundVersion extends Omit<Version, "versionId" | "lastUpdated"> {
  readonly place: Place;
  readonly versionId: string | undefined;
  readonly lastUpdated: number | undefined;
}

export type DatedVersion = FoundVersion & { readonly lastUpdated: number };

/** When a record came to be as it is, where `meta.lastUpdated` does not tell: the latest of what it says itself. */
const recordingTimes = ["recorded", "issued", "lastModified", "authoredOn", "sent", "received", "created", "date", "recordedDate"];

/** A resource as the server will serve it, moved in time by `shiftMs`. */
export function readVersion(found: FoundResource, shiftMs: number): FoundVersion | Unservable {
  const { file, line } = found;
  const id = found.resource["id"] ?? derivedId(found.resource);
  if (id === undefined) return { file, line, reason: "It has no id." };
  if (!isId(id)) {
    return { file, line, reason: "Its id is none: FHIR allows 1 to 64 letters, digits, hyphens and dots." };
  }
  const asItStands = shiftMs === 0 && found.resource["id"] === id ? found.text : undefined;
  const { resourceType, ...rest } = shiftTimes(found.resource, shiftMs);
  const resource: JsonObject = { resourceType, id, ...rest };
  const meta = isObject(resource["meta"]) ? resource["meta"] : {};
  return {
    place: { file, line },
    type: String(resourceType),
    id,
    versionId: isId(meta["versionId"]) ? meta["versionId"] : undefined,
    lastUpdated: startOf(meta["lastUpdated"]) ?? latest(recordingTimes.map((element) => startOf(resource[element]))),
    body: asItStands ?? JSON.stringify(resource),
    deleted: found.deleted,
    times: timesOf(String(resourceType), resource),
  };
}

/** What nothing dates came to be when the hospital's records begin. */
export function dateVersions(versions: readonly FoundVersion[]): DatedVersion[] {
  const earliest = versions.reduce((least, { lastUpdated = Infinity }) => Math.min(least, lastUpdated), Infinity);
  return versions.map((each) => ({ ...each, lastUpdated: each.lastUpdated ?? (Number.isFinite(earliest) ? earliest : 0) }));
}

/**
 * A server gives an id to an AuditEvent or a Provenance that comes without one, as they do. Derived from the content as
 * it is in the file, so that it is the same at every start, however far its times are moved.
 */
function derivedId(resource: JsonObject): string | undefined {
  if (resource["resourceType"] !== "AuditEvent" && resource["resourceType"] !== "Provenance") return undefined;
  const { meta: _meta, ...content } = resource;
  return createHash("sha256").update(canonicalText(content)).digest("hex").slice(0, 32);
}

function isId(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9\-.]{1,64}$/.test(value);
}

function startOf(value: unknown): number | undefined {
  return typeof value === "string" ? readTime(value)?.start : undefined;
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((each) => each !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
