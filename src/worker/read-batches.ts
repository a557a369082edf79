import { agreesWithShape, versionByShape } from "../normalise/shape-version.ts";
import type { FhirVersion } from "../domain/fhir-version.ts";
import type { Instant } from "../domain/instant.ts";
import { noteTime, type TimesSeen } from "../fhir/folder-coverage.ts";
import { readFolder } from "../fhir/read-folder.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";
import type { Pulled } from "./pulled.ts";
import type { PackedBatch } from "./pack-batch.ts";
import { fillBatches } from "./take-in.ts";

export interface FolderToRead {
  readonly folder: string;
  /** Whose records it holds. */
  readonly site: string;
  /** What it is said to hold; absent: whatever the shape of each resource tells. */
  readonly fhirVersion?: FhirVersion | undefined;
  readonly context: NormaliseContext;
  /** The process's clock at its start: later times are some system's mistake. */
  readonly clock: Instant;
}

/** What was noticed of a folder while it was read. */
export interface FolderNotes {
  readonly times: TimesSeen;
  /** Files cut short, with the types that were read from each: it may have held more of them. */
  readonly cutShort: readonly { readonly file: string; readonly types: readonly string[] }[];
  /** Resources that are plainly of another version than the folder is said to hold, by that version. */
  readonly otherVersions: ReadonlyMap<string, number>;
}

/**
 * A folder as batches ready to be stored: read and normalised, and nothing else. `onBytes` hears how many bytes have been read.
 * @throws UserError as `readFolder`
 */
export async function* readBatches(from: FolderToRead, onBytes: (bytes: number) => void): AsyncGenerator<PackedBatch, FolderNotes> {
  const times: TimesSeen = new Map();
  const files = new FilesRead();
  const otherVersions = new Map<string, number>();
  const pulled = watchVersions(files.watch(readFolder(from.folder, onBytes)), from.fhirVersion, otherVersions);
  yield* fillBatches(from.site, pulled, from.context, { time: (type, at) => noteTime(times, type, at, from.clock) });
  return { times, cutShort: files.cutShort(), otherVersions };
}

/** Counts what is plainly of another version than the folder is said to hold. */
async function* watchVersions(
  pieces: AsyncGenerator<readonly Pulled[]>,
  said: FhirVersion | undefined,
  others: Map<string, number>,
): AsyncGenerator<readonly Pulled[]> {
  for await (const items of pieces) {
    for (const item of items) {
      if (said === undefined || item.kind !== "resource") continue;
      const shape = versionByShape(item.resource);
      if (shape !== undefined && !agreesWithShape(said, shape)) others.set(shape, (others.get(shape) ?? 0) + 1);
    }
    yield items;
  }
}

/** Which types were in which files, for a file that is cut short may have held more of them. */
class FilesRead {
  readonly #types = new Map<string, Set<string>>();
  readonly #cut = new Set<string>();

  async *watch(pieces: ReturnType<typeof readFolder>): AsyncGenerator<readonly Pulled[]> {
    for await (const items of pieces) {
      for (const item of items) {
        if (item.kind === "resource") this.#note(item.file, item.resource);
        else if (item.lost === "unknown") this.#cut.add(item.file);
      }
      yield items;
    }
  }

  #note(file: string, resource: unknown): void {
    const type = typeof resource === "object" && resource !== null && "resourceType" in resource ? resource.resourceType : undefined;
    let types = this.#types.get(file);
    if (types === undefined) this.#types.set(file, (types = new Set()));
    if (typeof type === "string") types.add(type);
  }

  cutShort(): FolderNotes["cutShort"] {
    return [...this.#cut].map((file) => ({ file, types: [...(this.#types.get(file) ?? [])] }));
  }
}
