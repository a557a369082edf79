import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

export interface Found {
  readonly type: string;
  /** Undefined for what is no resource. */
  readonly resource: Readonly<Record<string, unknown>> | undefined;
}

/** What `read` is called for that has no type. */
const unreadable = "unreadable";

/** Every resource that really is in a folder, told apart without any of the product's own code. */
export function* listResources(folder: string): Generator<Found> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === "coverage.json") continue;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    if (entry.name.endsWith(".json")) yield* parse(bytes.toString("utf8"));
    else if (/\.ndjson(\.gz)?$/.test(entry.name)) {
      const text = (entry.name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
      for (const line of text.split("\n")) if (line.trim() !== "") yield* parse(line);
    }
  }
}

function* parse(text: string): Generator<Found> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    yield { type: unreadable, resource: undefined };
    return;
  }
  yield* unfold(value);
}

function* unfold(value: unknown): Generator<Found> {
  if (Array.isArray(value)) {
    for (const each of value) yield* unfold(each);
    return;
  }
  const resource = value as Record<string, unknown> | null;
  const type = typeof resource === "object" ? resource?.["resourceType"] : undefined;
  if (type === "Bundle") yield* entriesOf(resource?.["entry"]);
  else if (typeof type === "string") yield { type, resource: resource ?? {} };
  else yield { type: unreadable, resource: undefined };
}

function* entriesOf(entries: unknown): Generator<Found> {
  for (const entry of (entries ?? []) as { resource?: unknown; request?: { method?: string; url?: string } }[]) {
    const [, deleted] = /^([A-Z][A-Za-z]+)\/[^/?]+$/.exec(entry.request?.url ?? "") ?? [];
    if (entry.request?.method === "DELETE" && deleted !== undefined) yield { type: deleted, resource: undefined };
    else yield* unfold(entry.resource);
  }
}

/** How many of each type, by its name. */
export function countByType(found: Iterable<Found>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of found) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

const noteCodes = ["34117-2", "11488-4", "11506-3", "28570-0", "18842-5", "34111-5", "51847-2"];

/** A DiagnosticReport whose every category code is one of a clinical note: a visit written down, not a result. */
export function isVisitNote({ type, resource }: Found): boolean {
  if (type !== "DiagnosticReport") return false;
  const categories = [resource?.["category"] ?? []].flat() as { coding?: { code?: string }[] }[];
  const codes = categories.flatMap((category) => category.coding ?? []).map((coding) => coding.code ?? "");
  return codes.length > 0 && codes.every((code) => noteCodes.includes(code));
}
