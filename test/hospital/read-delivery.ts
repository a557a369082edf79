import { gunzipSync } from "node:zlib";
import type { Delivery } from "./delivery.ts";
import type { Json } from "./ward.ts";

/** The resources of a delivery as a careful reader finds them: decompressed, urns resolved, deletions as such. */
export function readDelivery(delivery: Delivery): Json[] {
  return Object.entries(delivery.files).flatMap(([name, content]) => {
    const text = (typeof content === "string" ? content : gunzipSync(content).toString()).replace(/^\uFEFF/, "");
    if (!name.endsWith(".json"))
      return text
        .split(/\r?\n/)
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Json);
    const parsed = JSON.parse(text) as Json | Json[];
    return Array.isArray(parsed) ? parsed : parsed["resourceType"] === "Bundle" ? readBundle(parsed) : [parsed];
  });
}

interface Entry {
  readonly fullUrl?: string;
  readonly resource?: Json;
  readonly request?: { readonly url: string };
  readonly response?: { readonly lastModified: string };
}

function readBundle(bundle: Json): Json[] {
  const entries = bundle["entry"] as readonly Entry[];
  const keys = new Map(
    entries.map(({ fullUrl, resource }) => [fullUrl, `${String(resource?.["resourceType"])}/${String(resource?.["id"])}`]),
  );
  return entries.map(({ resource, request, response }) => {
    if (resource !== undefined)
      return JSON.parse(JSON.stringify(resource), (name, value: unknown) =>
        name === "reference" && String(value).startsWith("urn:uuid:") ? keys.get(String(value)) : value,
      ) as Json;
    const [resourceType, id] = request?.url.split("/") ?? [];
    return { resourceType, id, meta: { lastUpdated: response?.lastModified }, deleted: true };
  });
}
