import { isObject, type JsonObject } from "./bundle.ts";

/** The answer of a bulk export (`$export`), saved beside its files: when it was taken, and of which types. */
export interface BulkManifest extends JsonObject {
  readonly transactionTime: string;
  readonly request?: unknown;
  readonly output: readonly { readonly type: string; readonly url: string }[];
}

export function isBulkManifest(value: unknown): value is BulkManifest {
  return (
    isObject(value) &&
    value["resourceType"] === undefined &&
    typeof value["transactionTime"] === "string" &&
    Array.isArray(value["output"]) &&
    value["output"].every((each) => isObject(each) && typeof each["type"] === "string" && typeof each["url"] === "string")
  );
}

/** `_since` of the request that the export answers, as written there. */
export function sinceOf(manifest: BulkManifest): string | undefined {
  if (typeof manifest.request !== "string" || !URL.canParse(manifest.request, "http://server/")) return undefined;
  // An unescaped + of a time zone reads as a space.
  return new URL(manifest.request, "http://server/").searchParams.get("_since")?.replace(" ", "+");
}
