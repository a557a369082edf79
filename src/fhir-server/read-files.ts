import { isUtf8 } from "node:buffer";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { parseJson, type JsonObject } from "./json-value.ts";
import { unbundle } from "./unbundle.ts";

/** Relative to the folder; the line of NDJSON, or the place in an array or Bundle, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** What the server was given and cannot serve. */
export interface Unservable extends Place {
  /** Quotes nothing of the content. */
  readonly reason: string;
}

export interface FoundResource extends Place {
  readonly resource: JsonObject;
  /** As it stands in the file, where it stands there by itself. */
  readonly text?: string;
  readonly deleted: boolean;
}

/** Everything in the `*.ndjson`, `*.ndjson.gz` and `*.json` files of a folder and its subfolders; hidden ones are passed over. */
export async function* readFiles(folder: string): AsyncGenerator<FoundResource | Unservable> {
  for (const file of await listFiles(folder, /\.(ndjson|ndjson\.gz|json)$/i)) {
    if (isCoverageFile(file)) continue;
    const bytes = unpack(file, await readFile(join(folder, file)));
    if (bytes === undefined) yield { file, line: 1, reason: "The gzip file is cut short or damaged." };
    else if (/\.json$/i.test(file)) yield* readText({ file, line: 1 }, bytes, "file");
    else for (const [index, line] of linesOf(bytes).entries()) yield* readText({ file, line: index + 1 }, line, "line");
  }
}

/** What the folder's `coverage.json` files hold. */
export async function readCoverageFiles(folder: string): Promise<{ file: string; content: unknown }[]> {
  const files = (await listFiles(folder, /\.json$/i)).filter(isCoverageFile);
  return Promise.all(files.map(async (file) => ({ file, content: parseJson(withoutMark(await readFile(join(folder, file), "utf8"))) })));
}

function isCoverageFile(file: string): boolean {
  return /(^|\/)coverage\.json$/i.test(file);
}

async function listFiles(folder: string, named: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .filter((file) => named.test(file) && !/(^|\/)\./.test(file))
    .sort();
}

function unpack(file: string, bytes: Buffer): Buffer | undefined {
  if (!/\.gz$/i.test(file)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  lines.push(bytes.subarray(start));
  return lines;
}

/** What stands by itself keeps its text: numbers such as 7.10, and the order of keys, are sent as they are. */
function readText(place: Place, bytes: Buffer, what: "file" | "line"): (FoundResource | Unservable)[] {
  if (!isUtf8(bytes)) return [{ ...place, reason: `The ${what} is not UTF-8.` }];
  const text = withoutMark(bytes.toString("utf8")).trim();
  if (text === "" && what === "line") return [];
  const value = parseJson(text);
  if (value === undefined) return [{ ...place, reason: `The ${what} is no JSON.` }];
  return unbundle(value).map((each, index) => ({
    ...each,
    file: place.file,
    line: what === "line" ? place.line : index + 1,
    ...("resource" in each && each.resource === value ? { text } : {}),
  }));
}

function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}
