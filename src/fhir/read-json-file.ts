import { readFile } from "node:fs/promises";
import { isBulkManifest } from "./bulk-manifest.ts";
import { fileUnreadable, isCoverageFile, type FolderFile } from "./folder-files.ts";
import { asFolderItem, type FolderItem, type UnusableItem } from "./folder-item.ts";
import { decodeUtf8, parseJson, placeOfJsonError } from "./parse-json.ts";
import { readBytes } from "./read-bytes.ts";
import { keptOfTooLarge } from "./read-lines.ts";
import { unroll } from "./unroll.ts";

/**
 * A JSON file is parsed as a whole, at several times its size in memory; a larger one is refused with the advice to
 * make NDJSON of it, which may be of any size.
 */
export const maxJsonBytes = 128 * 1024 * 1024;

/** The resources of a file that holds one, an array or a Bundle. */
export async function* readJsonFile(file: FolderFile): AsyncGenerator<FolderItem> {
  if (isCoverageFile(file)) return;
  const unusable = (code: UnusableItem["code"], reason: string, text: string): UnusableItem => {
    return { kind: "unusable", file: file.name, line: 1, code, reason, text, lost: "unknown" };
  };
  if (file.bytes > maxJsonBytes) {
    const reason = `The file is larger than ${maxJsonBytes / 1024 / 1024} MB, and only its start is kept: turn it into NDJSON, one resource a line (of a Bundle: jq -c '.entry[].resource'; of an array: jq -c '.[]').`;
    yield unusable("too-large", reason, (await readStart(file.path)).toString("latin1"));
    return;
  }
  const bytes = await readWholeFile(file);
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    yield unusable("not-utf8", "The bytes of the file are not UTF-8: save or export it as UTF-8.", bytes.toString("latin1"));
    return;
  }
  const parsed = parseJson(text);
  if ("error" in parsed) {
    yield unusable(parsed.error, reasonOf(parsed.error, text), text);
  } else if (!isBulkManifest(parsed.value)) {
    for (const each of unroll(parsed.value)) yield asFolderItem(each, { file: file.name, line: each.entry }, text);
  }
}

function reasonOf(error: "not-json" | "truncated" | "too-deep", text: string): string {
  if (error === "truncated") return "The file ends before its JSON does: export or copy it again.";
  return error === "too-deep" ? "The file is JSON nested deeper than any FHIR resource: correct it at its source." : notJson(text);
}

function notJson(text: string): string {
  const { line, column } = placeOfJsonError(text);
  return `The file is no JSON from line ${line}, column ${column} on: correct it there. If it has one resource on each line, end its name in .ndjson.`;
}

/** @throws UserError `file-unreadable` */
export async function readWholeFile(file: FolderFile): Promise<Buffer> {
  return readFile(file.path).catch((cause: unknown) => {
    throw fileUnreadable(file.path, cause);
  });
}

async function readStart(path: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of readBytes(path, () => undefined)) {
    pieces.push(piece);
    size += piece.length;
    if (size >= keptOfTooLarge) break;
  }
  return Buffer.concat(pieces).subarray(0, keptOfTooLarge);
}
