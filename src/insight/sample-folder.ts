import { listFolderFiles, type FolderFile } from "../fhir/folder-files.ts";
import type { FolderItem } from "../fhir/folder-item.ts";
import { readBytes, unpack } from "../fhir/read-bytes.ts";
import { readJsonFile } from "../fhir/read-json-file.ts";
import { readNdjson } from "../fhir/read-ndjson.ts";

/** A folder may hold gigabytes: this much of it tells what it is like. */
const mostFiles = 200;
const mostOfFile = 300;
const mostBytesOfJson = 20_000_000;

export interface FolderSample {
  readonly resources: readonly unknown[];
  /** How many could not even be read as resources, by the code of the reason. */
  readonly unusable: ReadonlyMap<string, number>;
  readonly files: number;
  readonly filesLookedAt: number;
  readonly ignored: readonly string[];
}

/**
 * The beginnings of a folder's files; of very many files some, evenly chosen.
 * @throws UserError as `listFolderFiles`
 */
export async function sampleFolder(folder: string): Promise<FolderSample> {
  const { files, ignored } = await listFolderFiles(folder);
  const step = Math.max(1, Math.ceil(files.length / mostFiles));
  const chosen = files.filter((file, place) => place % step === 0 && (!/\.json$/i.test(file.name) || file.bytes <= mostBytesOfJson));
  const resources: unknown[] = [];
  const unusable = new Map<string, number>();
  for (const file of chosen) {
    let read = 0;
    for await (const item of readFile(file)) {
      if (item.kind === "resource") resources.push(item.resource);
      else unusable.set(item.code, (unusable.get(item.code) ?? 0) + 1);
      if ((read += 1) >= mostOfFile) break;
    }
  }
  return { resources, unusable, files: files.length, filesLookedAt: chosen.length, ignored };
}

async function* readFile(file: FolderFile): AsyncGenerator<FolderItem> {
  if (/\.json$/i.test(file.name)) {
    yield* readJsonFile(file);
    return;
  }
  const bytes = readBytes(file.path, () => undefined);
  for await (const items of readNdjson(file.name, /\.gz$/i.test(file.name) ? unpack(bytes) : bytes)) yield* items;
}
