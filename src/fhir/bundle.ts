export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * What an entry with `request.method` DELETE says: this record is gone, when (`response.lastModified`) and as which
 * version (`response.etag`), as far as it tells. Undefined for other entries, and where no single record is named
 * (a conditional delete). A resource that comes along is what was deleted: the deletion is the news.
 */
export function asDeletion(entry: unknown): JsonObject | undefined {
  if (!isObject(entry) || !isObject(entry["request"]) || entry["request"]["method"] !== "DELETE") return undefined;
  const named = nameFrom(entry["request"]["url"]) ?? nameFrom(entry["fullUrl"]);
  if (named === undefined) return undefined;
  const response = isObject(entry["response"]) ? entry["response"] : {};
  const versionId = /^(?:W\/)?"([^"]+)"$/.exec(textOf(response["etag"]))?.[1];
  const lastUpdated = response["lastModified"];
  return {
    resourceType: named.type,
    id: named.id,
    meta: { ...(versionId === undefined ? {} : { versionId }), ...(typeof lastUpdated === "string" ? { lastUpdated } : {}) },
    deleted: true,
  };
}

function nameFrom(url: unknown): { type: string; id: string } | undefined {
  const [, type, id] = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-._]+)(?:\/_history\/[^/?#]+)?$/.exec(textOf(url)) ?? [];
  return type === undefined || id === undefined ? undefined : { type, id };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * Inside a Bundle entries may name each other by `fullUrl` (`urn:uuid:…`); outside it only `Type/id` means anything,
 * so such references are rewritten, in place. A urn that two records bear names neither, and is left.
 */
export function rewriteUrnReferences(bundle: JsonObject): void {
  const names = namesByUrn(bundle);
  if (names.size === 0) return;
  // A list of what is still to be looked at instead of recursion: depth is the sender's choice, the stack is ours.
  const ahead: unknown[] = [bundle["entry"]];
  while (ahead.length > 0) {
    const value = ahead.pop();
    if (typeof value !== "object" || value === null) continue;
    if (isObject(value) && typeof value["reference"] === "string") {
      value["reference"] = names.get(value["reference"].toLowerCase()) ?? value["reference"];
    }
    for (const inside of Object.values(value)) if (typeof inside === "object") ahead.push(inside);
  }
}

function namesByUrn(bundle: JsonObject): Map<string, string> {
  const names = new Map<string, string>();
  const disputed = new Set<string>();
  for (const entry of Array.isArray(bundle["entry"]) ? bundle["entry"] : []) {
    if (!isObject(entry) || !isObject(entry["resource"]) || typeof entry["fullUrl"] !== "string") continue;
    const { resourceType, id } = entry["resource"];
    const urn = entry["fullUrl"].toLowerCase();
    if (!urn.startsWith("urn:") || typeof resourceType !== "string" || typeof id !== "string") continue;
    const name = `${resourceType}/${id}`;
    if ((names.get(urn) ?? name) !== name) disputed.add(urn);
    names.set(urn, name);
  }
  for (const urn of disputed) names.delete(urn);
  return names;
}
