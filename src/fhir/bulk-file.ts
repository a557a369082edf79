import type { FileLink } from "./bulk-link.ts";
import type { AskBulk } from "./bulk-requests.ts";
import type { FolderItem } from "./folder-item.ts";
import { FhirFailure } from "./fhir-failure.ts";
import { readNdjson } from "./read-ndjson.ts";
import { unpackIfPacked } from "./unpack-if-packed.ts";

/**
 * The resources of a file of an export, from the socket, line by line; packed with gzip or not, and whoever packed it.
 * `onBytes` hears how much of it was read, unpacked.
 * @throws FhirFailure where it is not given, or breaks off: what came before was given, and its last line is not, unless whole
 */
export async function* readBulkFile(
  ask: AskBulk,
  name: string,
  { url, withToken }: FileLink,
  onBytes: (count: number) => void,
): AsyncGenerator<FolderItem> {
  const { headers, body } = await ask({ method: "GET", url, accept: "application/fhir+ndjson", withToken });
  if (/^application\/(fhir\+)?json\b/i.test(headers.get("content-type") ?? "")) {
    throw new FhirFailure("not-fhir", "answered with a resource where a file of its export belongs");
  }
  // What is kept packed may have been packed once more on its way.
  for await (const items of readNdjson(name, counted(unpackIfPacked(body), onBytes))) {
    for (const item of items) {
      if (item.kind === "unusable" && item.lost === "unknown") throw new FhirFailure("broken", "cut a file of its export short");
      yield item;
    }
  }
}

async function* counted(bytes: AsyncIterable<Buffer>, onBytes: (count: number) => void): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    onBytes(piece.length);
    yield piece;
  }
}
