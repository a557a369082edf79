import { asFolderItem, type FolderItem, type UnusableItem } from "./folder-item.ts";
import { parseJson } from "./parse-json.ts";
import { DamagedGzip } from "./read-bytes.ts";
import { maxLineBytes, readLines, type Line } from "./read-lines.ts";
import { isResource, unroll } from "./unroll.ts";

const reasons = {
  "too-large": `The line is longer than ${maxLineBytes / 1024 / 1024} MB, and only its start is kept: leave attachments out of the export, or move the line out of the file.`,
  "not-utf8": "The bytes of the line are not UTF-8: export it as UTF-8.",
  "not-json":
    "The line is no JSON: NDJSON has one whole resource on each line. If this file is one document over many lines, end its name in .json.",
  truncated: "The last line is cut short, so the file probably is: export or copy it again.",
  "too-deep": "The line is JSON nested deeper than any FHIR resource: correct it at its source and export it again.",
  "damaged-gzip":
    "The gzip file is cut short or damaged: what came before was read, what follows is lost. Test it with gzip -t; export or copy it again.",
};

/** What has been read and waits for its turn is copied about by the collector. */
const mostTogether = 8;

/**
 * One resource a line, some lines together; a Bundle or an array on a line is unrolled. Blank lines, CRLF and byte order marks
 * are let pass.
 */
export async function* readNdjson(file: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<FolderItem[]> {
  let lastLine = 0;
  try {
    for await (const lines of readLines(bytes)) {
      lastLine = lines.at(-1)?.number ?? lastLine;
      for (let start = 0; start < lines.length; start += mostTogether) {
        const items: FolderItem[] = [];
        for (const line of lines.slice(start, start + mostTogether)) readLine(file, line, items);
        yield items;
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedGzip)) throw error;
    yield [unusable(file, lastLine + 1, "damaged-gzip", "", "unknown")];
  }
}

/** Adds what stands on the line. */
function readLine(file: string, { number, text, fault, ended }: Line, items: FolderItem[]): void {
  if (fault !== undefined) items.push(unusable(file, number, fault, text, "one"));
  else if (text.startsWith("{") || text.trim() !== "") {
    const parsed = parseJson(text);
    if ("error" in parsed) {
      if (parsed.error === "too-deep") items.push(unusable(file, number, "too-deep", text, "one"));
      else items.push(ended ? unusable(file, number, "not-json", text, "one") : unusable(file, number, "truncated", text, "unknown"));
    } else if (isResource(parsed.value)) items.push({ kind: "resource", file, line: number, resource: parsed.value, text });
    else for (const each of unroll(parsed.value)) items.push(asFolderItem(each, { file, line: number }, text));
  }
}

function unusable(file: string, line: number, code: keyof typeof reasons, text: string, lost: UnusableItem["lost"]): UnusableItem {
  return { kind: "unusable", file, line, code, reason: reasons[code], text, lost };
}
