import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

/** Every line of the NDJSON files of a folder and its subfolders, in the order of their names; compressed ones too. */
export async function* givenLines(folder: string): AsyncGenerator<string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.ndjson(\.gz)?$/i.test(name));
  for (const name of names.sort()) {
    const file = createReadStream(join(folder, name));
    const input = name.toLowerCase().endsWith(".gz") ? file.pipe(createGunzip()) : file;
    for await (const line of createInterface({ input, crlfDelay: Infinity })) if (line.trim() !== "") yield line;
  }
}

/** The type of the resource on a line, without parsing the whole of it where it says so at its beginning. */
export function typeOfLine(line: string): string | undefined {
  const [, type] = /^\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"/.exec(line) ?? [];
  return type ?? (JSON.parse(line) as { resourceType?: string }).resourceType;
}
