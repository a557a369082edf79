import { isObject, type JsonObject } from "./json-value.ts";

/** A resource, or why there is none. */
export type Unbundled =
  | {
      readonly resource: JsonObject;
      /** A Bundle says of it only that it is gone. */
      readonly deleted: boolean;
    }
  | { readonly reason: string };

/** The value itself, the elements of an array, the entries of a Bundle, and so on inside. */
export function unbundle(value: unknown): Unbundled[] {
  if (Array.isArray(value)) return value.flatMap(unbundle);
  if (!isObject(value) || typeof value["resourceType"] !== "string" || !/^[A-Z][A-Za-z]+$/.test(value["resourceType"])) {
    return [{ reason: "It is no resource: it has no resourceType." }];
  }
  if (value["resourceType"] !== "Bundle") return [{ resource: value, deleted: false }];
  return Array.isArray(value["entry"]) ? value["entry"].flatMap(readEntry) : [];
}

function readEntry(entry: unknown): Unbundled[] {
  const { request, response, resource } = isObject(entry) ? entry : {};
  if (!isObject(request) || request["method"] !== "DELETE") return unbundle(resource);
  const [, resourceType, id] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]+)$/.exec(String(request["url"])) ?? [];
  if (resourceType === undefined) return [{ reason: "It is a deletion that names no single resource." }];
  const { etag, lastModified } = isObject(response) ? response : {};
  const versionId = /^(?:W\/)?"([^"]+)"$/.exec(String(etag))?.[1];
  return [{ resource: { resourceType, id, meta: { versionId, lastUpdated: lastModified } }, deleted: true }];
}
