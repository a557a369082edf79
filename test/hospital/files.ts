import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Dice } from "./dice.ts";
import { BASE } from "./references.ts";
import type { Json } from "./ward.ts";

export type Files = Record<string, string | Uint8Array>;

const formats = { "by-type": 5, mixed: 2, gzip: 2, bundle: 4, array: 1, single: 1 };

/** Spreads resources over the files of one folder. Deletions stand in Bundles only, as servers give them. */
export function writeFiles(resources: readonly Json[], dice: Dice): Files {
  const groups = new Map<string, Json[]>();
  for (const resource of resources) {
    const format = resource["deleted"] === true ? "bundle" : dice.weigh(formats);
    const name =
      format === "by-type"
        ? `by-type/${String(resource["resourceType"])}`
        : format === "single"
          ? `single/${groups.size}`
          : `${format}-${dice.int(1, 2)}`;
    groups.set(name, [...(groups.get(name) ?? []), resource]);
  }
  return Object.fromEntries([...groups].map(([name, held]) => writeFile(name, held, dice)));
}

function writeFile(name: string, held: readonly Json[], dice: Dice): [string, string | Uint8Array] {
  const folder = dice.chance(0.2) ? "sub/folder/" : "";
  const mark = dice.chance(0.15) ? "\uFEFF" : "";
  if (name.startsWith("bundle")) return [`${folder}${name}.json`, mark + JSON.stringify(writeBundle(held, dice), null, dice.pick([0, 2]))];
  if (name.startsWith("array")) return [`${folder}${name}.json`, mark + JSON.stringify(held)];
  if (name.startsWith("single")) return [`${folder}${name}.json`, mark + JSON.stringify(held[0], null, 2)];
  const text = mark + held.map((each) => JSON.stringify(each)).join(dice.pick(["\n", "\n", "\r\n"])) + dice.pick(["\n", "", "\n\n"]);
  return name.startsWith("gzip") ? [`${folder}${name}.ndjson.gz`, gzipSync(text)] : [`${folder}${name}.ndjson`, text];
}

function writeBundle(held: readonly Json[], dice: Dice): Json {
  const keys = held.map(({ resourceType, id }) => (typeof id === "string" ? `${String(resourceType)}/${id}` : undefined));
  // A urn stands for one entry: what has several versions here, or no id, keeps its plain name.
  const alone = keys.filter(
    (key, place): key is string =>
      key !== undefined && held[place]?.["deleted"] !== true && keys.indexOf(key) === place && keys.lastIndexOf(key) === place,
  );
  const urns = new Map(alone.filter(() => dice.chance(0.5)).map((key) => [key, urnOf(key)]));
  const entry = held.map((resource, place): Json => {
    const key = keys[place];
    if (resource["deleted"] === true)
      return {
        request: { method: "DELETE", url: key },
        response: { status: "204", lastModified: (resource["meta"] as Json)["lastUpdated"] },
      };
    const fullUrl = key === undefined ? undefined : (urns.get(key) ?? `${BASE}/${key}`);
    // What is known by its content alone is given the same content wherever it is read.
    const body = resource["id"] === undefined ? resource : (withUrns(resource, urns) as Json);
    return fullUrl === undefined ? { resource: body } : { fullUrl, resource: body };
  });
  const type = held.some((each) => each["deleted"] === true) ? "history" : dice.pick(["collection", "searchset", "history"]);
  return { resourceType: "Bundle", type, entry };
}

function withUrns(value: unknown, urns: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => withUrns(each, urns));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      name === "reference" && typeof each === "string" ? (urns.get(each) ?? each) : withUrns(each, urns),
    ]),
  );
}

/** The same record has the same urn in every Bundle. */
function urnOf(key: string): string {
  const hex = createHash("sha256").update(key).digest("hex");
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The same content with its keys in another order. */
export function reorderKeys(resource: Json, dice: Dice): Json {
  return Object.fromEntries(dice.shuffle(Object.entries(resource)));
}
