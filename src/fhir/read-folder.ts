import { listFolderFiles } from "./folder-files.ts";
import type { FolderItem } from "./folder-item.ts";
import { readBytes, unpack } from "./read-bytes.ts";
import { readJsonFile } from "./read-json-file.ts";
import { readNdjson } from "./read-ndjson.ts";

/**
 * Every resource, some at a time, in the `*.ndjson`, `*.ndjson.gz` and `*.json` files of a folder and its subfolders, file by file in
 * the order of `listFolderFiles`, at constant memory. `onBytesRead` hears how many bytes (as on disk, of `folderSize`) have
 * been read so far. `coverage.json` files and bulk manifests are no resources, and are passed over.
 * @throws UserError as `listFolderFiles`
 */
export async function* readFolder(folder: string, onBytesRead: (bytes: number) => void = () => undefined): AsyncGenerator<FolderItem[]> {
  let bytesRead = 0;
  const onBytes = (count: number): void => onBytesRead((bytesRead += count));
  for (const file of (await listFolderFiles(folder)).files) {
    if (/\.json$/i.test(file.name)) {
      for await (const item of readJsonFile(file)) yield [item];
      onBytes(file.bytes);
    } else {
      const bytes = readBytes(file.path, onBytes);
      yield* readNdjson(file.name, /\.gz$/i.test(file.name) ? unpack(bytes) : bytes);
    }
  }
}
